#pragma once

#include <Eigen/Core>

namespace sdelens {

using Index = Eigen::Index;

/// A block of replicas: rows are replicas, columns are coordinates, a coordinate is contiguous in memory.
using Batch = Eigen::ArrayXXd;
/// A batch that is read.
using In = const Eigen::Ref<const Batch>&;
/// A batch that is written; passed by value as a view, the data are the caller's.
using Out = Eigen::Ref<Batch>;
/// One number for each replica.
using Column = Eigen::ArrayXd;
using OutColumn = Eigen::Ref<Column>;
/// A point of the state space, or one number for each coordinate.
using Point = Eigen::VectorXd;

}  // namespace sdelens

#include <sys/utsname.h>

#include <fstream>
#include <xsimd/xsimd.hpp>

#include "sdelens/record/store.hpp"
#include "sdelens_revision.hpp"

namespace sdelens {
namespace {

std::string processor_model() {
  std::ifstream information("/proc/cpuinfo");
  for (std::string line; std::getline(information, line);) {
    if (!line.starts_with("model name")) continue;
    const std::size_t colon = line.find(':');
    const std::size_t begin = line.find_first_not_of(" \t", colon + 1);
    if (colon != std::string::npos && begin != std::string::npos) return line.substr(begin);
  }
  utsname machine{};
  return ::uname(&machine) == 0 ? machine.machine : "unknown";
}

#if defined(__clang__)
constexpr const char* compiler_text = "clang " __clang_version__;
#else
constexpr const char* compiler_text = "g++ " __VERSION__;
#endif

}  // namespace

Environment describe_environment(int threads, std::string started) {
  return {.revision = SDELENS_REVISION,
          .compiler = compiler_text,
          .flags = SDELENS_FLAGS,
          .processor = processor_model(),
          .instructions = xsimd::default_arch::name(),
          .threads = threads,
          .started = std::move(started)};
}

}  // namespace sdelens

#pragma once

#include <boost/property_tree/xml_parser.hpp>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

namespace sdelens {

/// @throw boost::property_tree::xml_parser_error unless the text is well-formed
inline boost::property_tree::ptree parse_xml(const std::string& text) {
  std::istringstream stream(text);
  boost::property_tree::ptree tree;
  boost::property_tree::read_xml(stream, tree);
  return tree;
}

/// What the first group of the pattern matches, everywhere in the text.
inline std::vector<std::string> all_matches(const std::string& text, const std::string& pattern) {
  const std::regex expression(pattern);
  std::vector<std::string> found;
  for (std::sregex_iterator i(text.begin(), text.end(), expression), end; i != end; ++i)
    found.push_back((*i)[1]);
  return found;
}

}  // namespace sdelens

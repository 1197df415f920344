# RE2_INCLUDE_FOLDER and RE2_LIBRARY: regular expressions that are searched in a time linear in the text. Debian's
# package has no CMake configuration.
find_path(RE2_INCLUDE_FOLDER re2/re2.h)
find_library(RE2_LIBRARY re2)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(RE2 REQUIRED_VARS RE2_LIBRARY RE2_INCLUDE_FOLDER REASON_FAILURE_MESSAGE
  "On Debian: apt-get install libre2-dev. Elsewhere name its folder in CMAKE_PREFIX_PATH.")

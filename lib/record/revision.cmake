# Writes HEADER with the revision of the source in FOLDER, "+changes" behind it where something is not committed.
# Run at every build, since a revision found at configuration would soon be a wrong one; the header is touched
# only when the revision changed.
if(NOT DEFINED HEADER)
  # Included by the build: sets up the target that runs this file, and what environment.cpp needs.
  set(header ${PROJECT_BINARY_DIR}/generated/sdelens_revision.hpp)
  add_custom_target(sdelens_revision
    COMMAND ${CMAKE_COMMAND} -DFOLDER=${PROJECT_SOURCE_DIR} -DHEADER=${header} -P ${CMAKE_CURRENT_LIST_FILE}
    BYPRODUCTS ${header} VERBATIM COMMENT "Revision of the source")
  add_dependencies(sdelens_record sdelens_revision)
  target_include_directories(sdelens_record PRIVATE ${PROJECT_BINARY_DIR}/generated)
  string(TOUPPER "${CMAKE_BUILD_TYPE}" build_type)
  string(STRIP "${CMAKE_CXX_FLAGS} ${CMAKE_CXX_FLAGS_${build_type}}" flags)
  set_property(SOURCE ${CMAKE_CURRENT_LIST_DIR}/environment.cpp APPEND PROPERTY COMPILE_DEFINITIONS
    "SDELENS_FLAGS=\"${flags} $<JOIN:$<TARGET_PROPERTY:sdelens_compile,INTERFACE_COMPILE_OPTIONS>, >\"")
  return()
endif()

set(revision "unknown")
find_program(git git)
if(git)
  execute_process(COMMAND ${git} rev-parse --short=12 HEAD WORKING_DIRECTORY ${FOLDER}
                  OUTPUT_VARIABLE head OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE failed ERROR_QUIET)
  if(NOT failed)
    set(revision ${head})
    execute_process(COMMAND ${git} --no-optional-locks status --porcelain WORKING_DIRECTORY ${FOLDER}
                    OUTPUT_VARIABLE changes ERROR_QUIET)
    if(changes)
      string(APPEND revision "+changes")
    endif()
  endif()
endif()

set(text "#define SDELENS_REVISION \"${revision}\"\n")
set(old "")
if(EXISTS ${HEADER})
  file(READ ${HEADER} old)
endif()
if(NOT text STREQUAL old)
  file(WRITE ${HEADER} "${text}")
endif()

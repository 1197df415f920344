# Copies SOURCE to SCRATCH, configures it, plants one file in each folder of things, and requires that the build finds
# it without an edit of any list.
set(tree ${SCRATCH}/tree)
set(build ${SCRATCH}/build)
file(REMOVE_RECURSE ${SCRATCH})
file(COPY ${SOURCE}/CMakeLists.txt ${SOURCE}/README.md ${SOURCE}/CONTRIBUTING.md ${SOURCE}/cmake ${SOURCE}/lib ${SOURCE}/reference ${SOURCE}/reports ${SOURCE}/suite
          ${SOURCE}/tests DESTINATION ${tree} PATTERN latest EXCLUDE)
execute_process(COMMAND ${CMAKE_COMMAND} -S ${tree} -B ${build} -G ${GENERATOR} -DCMAKE_CXX_COMPILER=${COMPILER}
                        -DSDELENS_BENCHMARKS=OFF
                OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)

set(planted
    lib/model/optimizers lib/model/sdes lib/model/landscapes lib/model/noises lib/model/schedules lib/model/integrators
    lib/statistics reference/theory reports reports/sections suite/figures suite/lemmas suite/study suite/predictions suite/program suite/commands)
foreach(folder IN LISTS planted)
  file(WRITE ${tree}/${folder}/planted.cpp "namespace sdelens {}\n")
endforeach()
file(WRITE ${tree}/tests/lib/core/planted_test.cpp "namespace sdelens {}\n")
# Any build looks for new files first; this target is nothing but that.
execute_process(COMMAND ${CMAKE_COMMAND} --build ${build} --target build.ninja
                OUTPUT_VARIABLE output ERROR_VARIABLE output RESULT_VARIABLE failed)
if(failed)
  message(FATAL_ERROR "${output}")
endif()
file(READ ${build}/compile_commands.json commands)
foreach(file IN LISTS planted ITEMS tests/lib/core)
  set(name ${tree}/${file}/planted.cpp)
  if(file STREQUAL tests/lib/core)
    set(name ${tree}/tests/lib/core/planted_test.cpp)
  endif()
  string(FIND "${commands}" "\"${name}\"" place)
  if(place EQUAL -1)
    message(FATAL_ERROR "the build does not find ${name}")
  endif()
endforeach()
file(REMOVE_RECURSE ${SCRATCH})
message("found every planted file")

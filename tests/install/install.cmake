# Installs BUILD into SCRATCH, builds the CONSUMER against the installed package and nothing else, and runs it.
function(run)
  execute_process(COMMAND ${ARGN} OUTPUT_VARIABLE output ERROR_VARIABLE output RESULT_VARIABLE failed)
  if(failed)
    message(FATAL_ERROR "${ARGN}\n${output}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

function(require pattern)
  if(NOT output MATCHES "${pattern}")
    message(FATAL_ERROR "expected '${pattern}' in:\n${output}")
  endif()
endfunction()

file(REMOVE_RECURSE ${SCRATCH})
run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${SCRATCH}/prefix)
run(${CMAKE_COMMAND} -S ${CONSUMER} -B ${SCRATCH}/build -G ${GENERATOR} -DCMAKE_CXX_COMPILER=${COMPILER}
    -DCMAKE_BUILD_TYPE=${BUILD_TYPE} -DCMAKE_PREFIX_PATH=${SCRATCH}/prefix)
file(STRINGS ${SCRATCH}/build/CMakeCache.txt found REGEX "^sdelens_DIR:PATH=${SCRATCH}/prefix/")
if(NOT found)
  message(FATAL_ERROR "the consumer found another sdelens than the one in ${SCRATCH}/prefix")
endif()
run(${CMAKE_COMMAND} --build ${SCRATCH}/build)
run(${SCRATCH}/build/update_adam)
# By hand: the first step of Adam without epsilon is the sign of the gradient times the learning rate.
require("^adam: x = -0\\.1000\n$")
run(${SCRATCH}/build/own_optimizer)
require("\nadam\n")
require("\nhalf-sgd\n")
# By hand: 0 - 0.1 * 4 / 2.
require("half-sgd: x = -0\\.2000\n$")
file(REMOVE_RECURSE ${SCRATCH})

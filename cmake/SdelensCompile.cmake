# Compile options that every target of this project shares.
add_library(sdelens_compile INTERFACE)
target_compile_features(sdelens_compile INTERFACE cxx_std_20)
# A run has its threads from its own queue, with the signals blocked in all of them; where a library brings OpenMP,
# Eigen would open others.
target_compile_definitions(sdelens_compile INTERFACE EIGEN_DONT_PARALLELIZE)
target_compile_options(sdelens_compile INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow
                                                 -fno-math-errno -fopenmp-simd)
# What GCC 12 finds of these while it optimises depends on the instruction set, the inlining and the headers read
# before, and is mostly not there (bugs 105593 and 105329). The sanitizers look for accesses out of range; for reads
# of what was not initialized only Clang does, in `make lint`.
target_compile_options(sdelens_compile INTERFACE
                       "$<$<CXX_COMPILER_ID:GNU>:-Wno-uninitialized;-Wno-maybe-uninitialized;-Wno-array-bounds;-Wno-restrict;-Wno-stringop-overflow;-Wno-stringop-overread>")
if(SDELENS_WARNINGS_AS_ERRORS)
  target_compile_options(sdelens_compile INTERFACE -Werror)
endif()
if(SDELENS_ARCH)
  set(sdelens_march -march=${SDELENS_ARCH})
elseif(SDELENS_NATIVE)
  set(sdelens_march -march=native)
endif()
target_compile_options(sdelens_compile INTERFACE ${sdelens_march})
if(SDELENS_SANITIZE)
  # To look for null and misaligned addresses before each access doubled what there was to compile. The first fault
  # by themselves; misaligned scalars, which x86 allows, are not looked for.
  target_compile_options(sdelens_compile INTERFACE -fsanitize=${SDELENS_SANITIZE} -fno-omit-frame-pointer
                                                   -fno-sanitize-recover=all
                                                   -fno-sanitize=null,alignment)
  target_link_options(sdelens_compile INTERFACE -fsanitize=${SDELENS_SANITIZE})
endif()

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
endif()
set(CMAKE_CXX_FLAGS_RELEASE "-O3 -DNDEBUG")
# Assertions stay: those of Eigen check every index. Sanitized code is built for its checks, not for its speed.
if(SDELENS_SANITIZE)
  set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O1 -g1")
else()
  set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g")
endif()
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_CXX_EXTENSIONS OFF)

# Headers are included as "sdelens/core/...", in the tree as in an installed package.
file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/include)
file(CREATE_LINK ${PROJECT_SOURCE_DIR}/lib ${PROJECT_BINARY_DIR}/include/sdelens SYMBOLIC)

# sdelens_precompile(TARGET HEADER...): the headers that most files of the target include, read once.
# sdelens_precompile(TARGET REUSE_FROM OTHER): the same ones; both must be compiled with the same options.
# A compiler cache cannot tell one precompiled header from another of the same contents, so it does without.
function(sdelens_precompile target)
  if(SDELENS_PRECOMPILE AND NOT CMAKE_CXX_COMPILER_LAUNCHER MATCHES "ccache")
    if(ARGV1 STREQUAL REUSE_FROM)
      target_precompile_headers(${target} ${ARGN})
    else()
      target_precompile_headers(${target} PRIVATE ${ARGN})
    endif()
  endif()
endfunction()

# sdelens_room(NAME FOLDER): an object library of every .cpp below FOLDER. Objects, not an archive: a linker
# drops from an archive the files that only register something.
function(sdelens_room name folder)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${folder}/*.cpp)
  add_library(${name} OBJECT ${sources})
  set_target_properties(${name} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  target_link_libraries(${name} PRIVATE sdelens_compile)
endfunction()

# Every test that README.md names must be one that CTest knows; its parameters are left out there.
#   cmake -D BUILD=<build folder> -P requirements.cmake

cmake_minimum_required(VERSION 3.25)

execute_process(COMMAND "${CMAKE_CTEST_COMMAND}" -N --test-dir "${BUILD}" OUTPUT_VARIABLE listing
                COMMAND_ERROR_IS_FATAL ANY)
# "  Test #7: group.Suite/Name.Test/Parameter  # GetParam() = …"
string(REGEX MATCHALL "Test +#[0-9]+: [^\n ]+" lines "${listing}")
set(known "")
foreach(line IN LISTS lines)
  string(REGEX REPLACE "^Test +#[0-9]+: " "" name "${line}")
  string(REGEX REPLACE "^([^.]+\\.)([^./]+/)?([^./]+\\.[^./]+).*$" "\\1\\3" name "${name}")
  list(APPEND known "${name}")
endforeach()

file(READ "${CMAKE_CURRENT_LIST_DIR}/README.md" readme)
string(REGEX MATCHALL "`[a-z0-9_]+\\.[A-Za-z0-9]+\\.[A-Za-z0-9]+`" named "${readme}")
list(REMOVE_DUPLICATES named)
list(LENGTH named count)
set(missing "")
foreach(name IN LISTS named)
  string(REPLACE "`" "" name "${name}")
  if(NOT name IN_LIST known)
    string(APPEND missing "\n  ${name}")
  endif()
endforeach()
if(missing OR count LESS 100)
  message(FATAL_ERROR "README.md names ${count} tests, and among them some that there are not:${missing}")
endif()

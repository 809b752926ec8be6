# Arrows go down only: cli → report → harness → {servers, clients} → net → wire; servers and clients
# never include each other. What the course has its students write may use servers and the tests' help.
# Run with cmake -P; fails with every include that points the wrong way.

cmake_minimum_required(VERSION 3.25)

get_filename_component(root "${CMAKE_CURRENT_LIST_DIR}/.." ABSOLUTE)
if(DEFINED ROOT)
  set(root "${ROOT}")
endif()

set(below_wire wire)
set(below_net net wire)
set(below_servers servers net wire)
set(below_clients clients net wire)
set(below_harness harness servers clients net wire)
set(below_report report harness servers clients net wire)
set(below_cli cli report harness servers clients net wire)
set(below_course course servers net wire tests)

set(wrong "")
set(checked 0)
foreach(folder wire net servers clients harness report cli course)
  file(GLOB_RECURSE files "${root}/${folder}/*.h" "${root}/${folder}/*.cc")
  foreach(file IN LISTS files)
    math(EXPR checked "${checked} + 1")
    file(STRINGS "${file}" includes REGEX "^#include \"[a-z]+/")
    foreach(line IN LISTS includes)
      string(REGEX REPLACE "^#include \"([a-z]+)/.*" "\\1" target "${line}")
      if(NOT target IN_LIST below_${folder})
        file(RELATIVE_PATH name "${root}" "${file}")
        string(APPEND wrong "\n  ${name}: ${line}")
      endif()
    endforeach()
  endforeach()
endforeach()

if(checked EQUAL 0)
  message(FATAL_ERROR "found no files below ${root}")
endif()
if(wrong)
  message(FATAL_ERROR "includes that point up or across:${wrong}")
endif()
message(STATUS "${checked} files include downwards only")

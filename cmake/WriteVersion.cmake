cmake_minimum_required(VERSION 3.25)
# Run at every build: writes OUTPUT with the version and the commit, touching it only if they changed.

execute_process(
  COMMAND git describe --always --dirty --abbrev=12
  WORKING_DIRECTORY "${SOURCE_DIR}"
  OUTPUT_VARIABLE commit
  OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
if(NOT commit)
  set(commit "unknown")
endif()
file(CONFIGURE OUTPUT "${OUTPUT}"
     CONTENT "#pragma once\n\n#define PUSHBENCH_VERSION \"@VERSION@\"\n#define PUSHBENCH_COMMIT \"@commit@\"\n" @ONLY)

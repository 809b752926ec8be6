# What a page carries, as a C++ file: `node SCRIPT OUTPUT` writes it when CMake builds, and beside it OUTPUT.d,
# which names the files it was made from. More arguments are what the script itself imports.
find_program(NODE node REQUIRED)
function(pushbench_bundle output script comment)
  add_custom_command(
    OUTPUT "${output}"
    COMMAND "${NODE}" "${script}" "${output}"
    DEPENDS "${script}" "${PROJECT_SOURCE_DIR}/scripts/lib/bundle.mjs" "${PROJECT_SOURCE_DIR}/package-lock.json" ${ARGN}
    DEPFILE "${output}.d"
    COMMENT "${comment}"
    VERBATIM)
endfunction()

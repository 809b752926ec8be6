# Yields libuv::libuv by pkg-config: Debian 12 ships libuv without a CMake package.

find_package(PkgConfig REQUIRED)
pkg_check_modules(libuv REQUIRED IMPORTED_TARGET libuv>=1.44)
if(NOT TARGET libuv::libuv)
  add_library(libuv::libuv ALIAS PkgConfig::libuv)
endif()

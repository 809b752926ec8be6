# Yields hdr::histogram, from an installed HdrHistogram_c or from the C sources inside the npm package
# native-hdr-histogram (`npm ci --ignore-scripts` puts them into node_modules). Needs zlib, for the compressed
# encoding.

find_path(HdrHistogram_INCLUDE_DIR hdr/hdr_histogram.h)
find_library(HdrHistogram_LIBRARY NAMES hdr_histogram hdr_histogram_static)
find_path(
  HdrHistogram_SOURCE_DIR hdr_histogram.c
  PATHS "${PROJECT_SOURCE_DIR}/node_modules/native-hdr-histogram/HdrHistogram_c/src"
  NO_DEFAULT_PATH)

set(HdrHistogram_SOURCES hdr_encoding.c hdr_histogram.c hdr_histogram_log.c hdr_time.c)

include(FindPackageHandleStandardArgs)
if(HdrHistogram_LIBRARY AND HdrHistogram_INCLUDE_DIR)
  find_package_handle_standard_args(HdrHistogram REQUIRED_VARS HdrHistogram_LIBRARY
                                                               HdrHistogram_INCLUDE_DIR)
else()
  find_package_handle_standard_args(
    HdrHistogram
    REQUIRED_VARS HdrHistogram_SOURCE_DIR
    REASON_FAILURE_MESSAGE "run `npm ci --ignore-scripts` in the project's folder")
endif()

if(HdrHistogram_FOUND AND NOT TARGET hdr::histogram)
  if(HdrHistogram_LIBRARY AND HdrHistogram_INCLUDE_DIR)
    add_library(hdr::histogram UNKNOWN IMPORTED)
    set_target_properties(
      hdr::histogram PROPERTIES IMPORTED_LOCATION "${HdrHistogram_LIBRARY}"
                                INTERFACE_INCLUDE_DIRECTORIES "${HdrHistogram_INCLUDE_DIR}/hdr"
                                INTERFACE_LINK_LIBRARIES ZLIB::ZLIB)
  else()
    list(TRANSFORM HdrHistogram_SOURCES PREPEND "${HdrHistogram_SOURCE_DIR}/")
    add_library(hdr_histogram_from_source STATIC ${HdrHistogram_SOURCES})
    target_include_directories(hdr_histogram_from_source SYSTEM PUBLIC "${HdrHistogram_SOURCE_DIR}")
    target_link_libraries(hdr_histogram_from_source PRIVATE ZLIB::ZLIB m)
    # It shifts negative numbers to the left, which UBSan takes for a fault; -fwrapv says what it means by that.
    target_compile_options(hdr_histogram_from_source PRIVATE -fwrapv)
    add_library(hdr::histogram ALIAS hdr_histogram_from_source)
  endif()
endif()
mark_as_advanced(HdrHistogram_INCLUDE_DIR HdrHistogram_LIBRARY HdrHistogram_SOURCE_DIR)

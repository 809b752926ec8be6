#pragma once

#include <string>
#include <string_view>

namespace pushbench::report {

/// A field of a CSV line by RFC 4180: in quotes where it holds a comma, a quote or a line's end.
std::string csv_field(std::string_view text);

}  // namespace pushbench::report

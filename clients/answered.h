#pragma once

#include <string>
#include <string_view>

#include "wire/http.h"

namespace pushbench::clients {

/// What a server says, so that an error may quote it: its beginning, at most 200 bytes, in one line
/// of UTF-8 without control characters.
std::string in_one_line(std::string_view text);

/// An answer that nobody wanted: "answered 404 <html> …", and of a redirect where it leads to.
std::string answered(const wire::HttpMessage& answer);

}  // namespace pushbench::clients

#pragma once

#include <string>
#include <string_view>

#include "wire/result.h"

namespace pushbench::report {

/// A text within HTML, between tags or in a quoted attribute: it is read as text and nothing else.
std::string html(std::string_view text);

/// The same between tags, with numbers that stay on a line with their units.
std::string html_prose(std::string_view text);

/// A JSON text for a script element: of equal meaning, without what could end the element or begin
/// another one. Takes valid JSON.
std::string script_json(std::string_view json);

/// What script_json() was given, byte for byte.
std::string plain_json(std::string_view script);

/// The same of a result file's text, without the white space between its tokens.
std::string script_result(std::string_view json);

/// What script_result() was given, byte for byte; fails where it is not JSON.
Result<std::string> plain_result(std::string_view script);

/// Any text as a JSON string for a script element; bytes that are not UTF-8 become U+FFFD.
std::string script_text(std::string_view text);

/// What script_text() was given; fails where it is not a JSON string.
Result<std::string> plain_text(std::string_view script);

}  // namespace pushbench::report

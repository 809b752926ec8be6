#pragma once

#include <string_view>

namespace pushbench::report {

// What report/web/ becomes when it is built: see report/web/bundle.mjs. UTF-8, and nothing in it
// ends the element that it stands in.

std::string_view report_script();
std::string_view report_script_hash();  // "sha256-…", as a Content-Security-Policy names it
std::string_view report_style();

}  // namespace pushbench::report

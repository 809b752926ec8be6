#pragma once

#include <span>
#include <string_view>

namespace pushbench::clients {

/// A page for browsers, whole: its script and styles stand in it. All texts are the program's own.
struct Page {
  std::string_view path;  // where it is reached: "/race"
  std::string_view type;  // its Content-Type
  std::string_view text;
  std::string_view version;  // another one for every other text or policy: 16 hex digits
  std::string_view policy;   // its Content-Security-Policy
};

/// The pages of clients/browser/, bundled when pushbench was built.
std::span<const Page> pages();

}  // namespace pushbench::clients

#pragma once

#include <optional>
#include <string_view>

namespace pushbench::harness {

/// By which of the theory's rules a transport brings messages.
enum class Rules { polling, long_polling, event_stream, socket };

/// None: theory says nothing of it.
std::optional<Rules> rules_of(std::string_view transport);

/// Subscribers ask, and each answer ends.
constexpr bool asks(Rules rules) { return rules == Rules::polling || rules == Rules::long_polling; }

}  // namespace pushbench::harness

#pragma once

#include <optional>

#include "wire/http.h"

namespace pushbench::wire {

/// What is wrong with a head in which llhttp finds no fault (RFC 9112 §3.2, §6; RFC 9110 §10.1.1).
std::optional<HttpError> head_fault(const HttpMessage& message, bool is_request);

/// Whether the client wants a 100 before it sends the body.
bool waits_for_continue(const HttpMessage& request);

}  // namespace pushbench::wire

#pragma once

#include <cstdint>

#include "wire/http.h"

namespace pushbench::clients {

/// Bytes of one direction that belong to whole heads and bodies. All else is framing: headers of
/// frames, control frames, what stands around events and chunks, answers that are only interim.
struct Sizes {
  std::uint64_t heads = 0;   // of HTTP, from the first line to the empty one, upgrades' too
  std::uint64_t bodies = 0;  // batches, drafts and answers; compressed where they are

  /// The parser has a whole message.
  void add(const wire::HttpParser& parser) {
    heads += parser.head_size();
    bodies += parser.message().body().size();
  }
  void add(const Sizes& b) {
    heads += b.heads;
    bodies += b.bodies;
  }
};

/// What a client's application bytes were. A part counts when all of it has been read, or accepted
/// by the kernel, so that the parts are never more than net::Traffic counts.
struct Parts {
  Sizes up;
  Sizes down;
};

}  // namespace pushbench::clients

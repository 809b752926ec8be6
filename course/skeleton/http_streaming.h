#pragma once

#include "servers/follower.h"
#include "servers/transport.h"

namespace pushbench::servers {

/// GET /rooms/{room}/stream?after=N: one response that never ends, each batch a line of JSON in it
/// (application/x-ndjson). An empty line now and then keeps it alive. Who comes back after a cut
/// says `after` with the last message that it has. What a client has to say goes by POST.
class HttpStreaming final : public Transport {
 public:
  explicit HttpStreaming(const Shared& shared)
      : shared_(shared), streams_{shared.store, counts()} {}
  ~HttpStreaming() override;

  std::string_view name() const override { return "http-streaming"; }
  std::string_view route() const override { return "stream"; }
  void on_request(Exchange& exchange) override;
  void on_published(Room& room, const Batch& batch) override;
  std::size_t subscribers(const Room& room) const override { return streams_.members.count(room); }
  std::size_t subscribers() const override { return streams_.members.total(); }

 private:
  class Stream;

  const Shared shared_;
  Followers<Stream> streams_;
};

}  // namespace pushbench::servers

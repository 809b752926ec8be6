#pragma once

#include "servers/follower.h"
#include "servers/transport.h"

namespace pushbench::servers {

/// GET /rooms/{room}/events?after=N: one response that never ends (WHATWG HTML §9.2). Each event's
/// data is a batch and its id the place behind it, epoch included, which a browser sends back as
/// Last-Event-ID when it reconnects by itself. What a client has to say goes by POST.
class Sse final : public Transport {
 public:
  static constexpr std::uint64_t kRetryMs = 2000;  // after this a browser reconnects

  explicit Sse(const Shared& shared) : shared_(shared), streams_{shared.store, counts()} {}
  ~Sse() override;

  std::string_view name() const override { return "sse"; }
  std::string_view route() const override { return "events"; }
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

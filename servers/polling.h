#pragma once

#include "servers/transport.h"

namespace pushbench::servers {

/// GET /rooms/{room}/poll?after=N: what came since, or 204, at once. The server keeps nothing
/// between two polls; all that it costs is that most of them are answered with nothing.
class Polling final : public Transport {
 public:
  explicit Polling(const Shared& shared) : shared_(shared) {}

  std::string_view name() const override { return "polling"; }
  std::string_view route() const override { return "poll"; }
  void on_request(Exchange& exchange) override;
  void on_published(Room&, const Batch&) override {}  // nobody waits: each asks when its time comes
  bool waits() const override { return false; }
  std::size_t subscribers(const Room&) const override { return 0; }
  std::size_t subscribers() const override { return 0; }

 private:
  const Shared shared_;
};

}  // namespace pushbench::servers

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "bench/inputs.h"
#include "servers/store.h"
#include "servers/transport.h"
#include "wire/http.h"

namespace pushbench::bench {

class FakeConnection;

/// A room with subscribers of one server transport, all in memory: their connections count the
/// bytes that they are given and send nothing. So what it costs is the store's and the transport's
/// work, without HTTP, sockets and loop.
class FakeRoom final : private servers::DeliveryListener {
 public:
  FakeRoom(std::string_view transport, std::size_t subscribers);
  ~FakeRoom() override;

  /// Somebody says something, and all subscribers are given it. Those that wait for an answer have
  /// it then, and ask again.
  void publish();

  std::uint64_t bytes() const;  // that the subscribers were given

 private:
  void on_published(servers::Room& room, const servers::Batch& batch) override;
  void subscribe(FakeConnection& connection);

  const std::vector<Said> chat_ = chat(1500);
  wire::HttpParser request_{wire::HttpParser::Kind::requests, {}};  // of all of them
  servers::MessageStore store_;
  servers::Answers answers_;
  servers::LimitHits hits_;
  servers::TransportOptions options_;
  servers::Deadlines deadlines_;
  std::unique_ptr<servers::Transport> transport_;
  servers::Room* room_;
  std::vector<std::unique_ptr<FakeConnection>> connections_;
  std::size_t next_ = 0;  // of chat_
};

}  // namespace pushbench::bench

#include "servers/echo.h"

#include "servers/socket_session.h"
#include "wire/handshake.h"

namespace pushbench::servers {

namespace {

class EchoSession final : public SocketSession {
 public:
  using SocketSession::SocketSession;

 private:
  void on_start() override {}
  void on_text(std::string_view text) override { send(wire::Opcode::text, text); }
  void on_binary(std::string_view bytes) override { send(wire::Opcode::binary, bytes); }
};

}  // namespace

void upgrade_to_echo(Exchange& exchange, const Shared& shared) {
  auto accepted = wire::accept_upgrade(exchange.request(), {shared.options.compression});
  if (!accepted) return exchange.respond(shared.answers.refused_upgrade(accepted.error()));
  exchange.upgrade(std::move(accepted->head),
                   std::make_unique<EchoSession>(shared, accepted->compression));
}

}  // namespace pushbench::servers

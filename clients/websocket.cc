#include "clients/websocket.h"

#include "clients/requests.h"

namespace pushbench::clients {

std::string WebSocket::target() const { return socket_target(room_, after()); }

void WebSocket::on_upgraded() {
  for (const DraftsUnderWay::Kept& draft : drafts_) send_text(draft.text);
  subscribed();
}

void WebSocket::send_draft(const Draft& draft) {
  send_text(drafts_.add(draft, wire::encode_draft(draft)).text);
}

}  // namespace pushbench::clients

// A chat's server with Gorilla WebSocket: GET /{room} is a WebSocket, and each text frame that comes in goes
// out as it is to everybody in the room, its sender too.
//
// It is built like the library's own chat example: one goroutine keeps the rooms, and each client has one that
// reads and one that writes. Each message is one frame, prepared once for all who get it, as the library's
// documentation advises for broadcasts.
package main

import (
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/gorilla/websocket"
)

const (
	pingInterval = 25 * time.Second // as often as our server
	pongWait     = 45 * time.Second
	writeWait    = 10 * time.Second
	queueLength  = 256 // the example's; whoever lags behind by more is disconnected
)

// Compression is off unless asked for, and Go turns Nagle's algorithm off.
var upgrader = websocket.Upgrader{ReadBufferSize: 1024, WriteBufferSize: 1024}

type client struct {
	room       string
	connection *websocket.Conn
	queue      chan *websocket.PreparedMessage
}

type publication struct {
	room    string
	message *websocket.PreparedMessage
}

type hub struct {
	rooms   map[string]map[*client]bool
	join    chan *client
	leave   chan *client
	publish chan publication
}

func (h *hub) run() {
	for {
		select {
		case c := <-h.join:
			if h.rooms[c.room] == nil {
				h.rooms[c.room] = make(map[*client]bool)
			}
			h.rooms[c.room][c] = true
		case c := <-h.leave:
			h.remove(c)
		case p := <-h.publish:
			for c := range h.rooms[p.room] {
				select {
				case c.queue <- p.message:
				default:
					h.remove(c)
				}
			}
		}
	}
}

// remove ends the client's writing goroutine; a client that has left already is none of the room's.
func (h *hub) remove(c *client) {
	if !h.rooms[c.room][c] {
		return
	}
	close(c.queue)
	delete(h.rooms[c.room], c)
	if len(h.rooms[c.room]) == 0 {
		delete(h.rooms, c.room)
	}
}

func (h *hub) read(c *client) {
	defer func() {
		h.leave <- c
		c.connection.Close()
	}()
	alive := func(string) error { return c.connection.SetReadDeadline(time.Now().Add(pongWait)) }
	alive("")
	c.connection.SetPongHandler(alive)
	for {
		kind, data, err := c.connection.ReadMessage()
		if err != nil {
			return
		}
		message, err := websocket.NewPreparedMessage(kind, data)
		if err != nil {
			return
		}
		h.publish <- publication{c.room, message}
	}
}

func (c *client) write() {
	ticker := time.NewTicker(pingInterval)
	defer func() {
		ticker.Stop()
		c.connection.Close()
	}()
	for {
		select {
		case message, open := <-c.queue:
			c.connection.SetWriteDeadline(time.Now().Add(writeWait))
			if !open {
				c.connection.WriteMessage(websocket.CloseMessage, nil)
				return
			}
			if c.connection.WritePreparedMessage(message) != nil {
				return
			}
		case <-ticker.C:
			c.connection.SetWriteDeadline(time.Now().Add(writeWait))
			if c.connection.WriteMessage(websocket.PingMessage, nil) != nil {
				return
			}
		}
	}
}

func (h *hub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	connection, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return // Upgrade has answered
	}
	room := strings.TrimPrefix(r.URL.Path, "/")
	c := &client{room, connection, make(chan *websocket.PreparedMessage, queueLength)}
	h.join <- c
	go c.write()
	go h.read(c)
}

func main() {
	port := flag.Int("port", 8093, "TCP port on loopback; 0 is any free one")
	flag.Parse()
	listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", *port))
	if err != nil {
		log.Fatal(err)
	}
	h := &hub{make(map[string]map[*client]bool), make(chan *client), make(chan *client), make(chan publication)}
	go h.run()
	go func() { log.Fatal(http.Serve(listener, h)) }()
	fmt.Printf("gorilla listens on http://%s, process %d\n", listener.Addr(), os.Getpid())

	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, os.Interrupt)
	<-stop
}

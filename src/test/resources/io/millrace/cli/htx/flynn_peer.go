// One end of bare Noise XK by flynn/noise, for the interoperability test.
//
//	flynn_peer respond PROLOGUE_HEX            prints "PORT KEY", then the handshake hash
//	flynn_peer initiate PROLOGUE_HEX PORT KEY  prints the handshake hash and how many echoes were equal
package main

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"os"

	"github.com/flynn/noise"
)

var lengths = []int{0, 1, 1024, 65519}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func fromHex(text string) []byte {
	data, err := hex.DecodeString(text)
	must(err)
	return data
}

func receive(connection net.Conn) []byte {
	var length [2]byte
	if _, err := io.ReadFull(connection, length[:]); err != nil {
		return nil
	}
	message := make([]byte, binary.BigEndian.Uint16(length[:]))
	_, err := io.ReadFull(connection, message)
	must(err)
	return message
}

func send(connection net.Conn, message []byte) {
	framed := make([]byte, 2, 2+len(message))
	binary.BigEndian.PutUint16(framed, uint16(len(message)))
	_, err := connection.Write(append(framed, message...))
	must(err)
}

// handshake returns the cipher from initiator to responder, and the one back.
func handshake(connection net.Conn, initiator bool, prologue []byte, own noise.DHKey, remote []byte) (*noise.CipherState, *noise.CipherState) {
	state, err := noise.NewHandshakeState(noise.Config{
		CipherSuite:   noise.NewCipherSuite(noise.DH25519, noise.CipherChaChaPoly, noise.HashSHA256),
		Pattern:       noise.HandshakeXK,
		Initiator:     initiator,
		Prologue:      prologue,
		StaticKeypair: own,
		PeerStatic:    remote,
	})
	must(err)
	var there, back *noise.CipherState
	for index := 0; index < 3; index++ {
		if (index%2 == 0) == initiator {
			var message []byte
			message, there, back, err = state.WriteMessage(nil, nil)
			must(err)
			send(connection, message)
		} else {
			_, there, back, err = state.ReadMessage(nil, receive(connection))
			must(err)
		}
	}
	fmt.Println(hex.EncodeToString(state.ChannelBinding()))
	return there, back
}

func main() {
	own, err := noise.DH25519.GenerateKeypair(rand.Reader)
	must(err)
	prologue := fromHex(os.Args[2])
	if os.Args[1] == "respond" {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		must(err)
		fmt.Println(listener.Addr().(*net.TCPAddr).Port, hex.EncodeToString(own.Public))
		connection, err := listener.Accept()
		must(err)
		there, back := handshake(connection, false, prologue, own, nil)
		for message := receive(connection); message != nil; message = receive(connection) {
			text, err := there.Decrypt(nil, nil, message)
			must(err)
			echo, err := back.Encrypt(nil, nil, text)
			must(err)
			send(connection, echo)
		}
		return
	}
	connection, err := net.Dial("tcp", "127.0.0.1:"+os.Args[3])
	must(err)
	there, back := handshake(connection, true, prologue, own, fromHex(os.Args[4]))
	equal := 0
	for _, length := range lengths {
		text := make([]byte, length)
		for i := range text {
			text[i] = byte(i*7 + length)
		}
		message, err := there.Encrypt(nil, nil, text)
		must(err)
		send(connection, message)
		echo, err := back.Decrypt(nil, nil, receive(connection))
		must(err)
		if bytes.Equal(echo, text) {
			equal++
		}
	}
	fmt.Println(equal)
}

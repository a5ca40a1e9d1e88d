import io.millrace.crypto.provider.CryptoProviders;
import io.millrace.crypto.SecretKey;
import io.millrace.crypto.SecureRandomness;
import io.millrace.relay.epoch.SphinxEpoch;
import io.millrace.relay.Offer;
import io.millrace.relay.packet.PacketSource;
import io.millrace.relay.peer.Peer;
import io.millrace.relay.RelayEngine;
import io.millrace.relay.packet.RelayListener;
import io.millrace.sphinx.RelayPublicKey;
import io.millrace.sphinx.RelaySphinxKey;
import io.millrace.sphinx.ReplaySet;
import io.millrace.sphinx.SphinxGeometry;
import io.millrace.sphinx.SphinxHop;
import io.millrace.sphinx.SphinxPath;
import io.millrace.sphinx.SphinxWrapper;
import io.millrace.vrf.DelaySampler;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A relay behind an application's own sockets: a handler at the end of a Netty pipeline offers each datagram to the engine, and
 * the engine's listener writes what leaves to the channel. Handlers in front of it may check or decrypt; packets here are bare.
 */
final class NettyExample {
    static final int COUNT = 100;
    static final int REPLAY_TAGS = 100_000;
    static final int PACKET_LENGTH = SphinxGeometry.MR1.packetLength();
    static final long MAX_DELAY_NS = 1_000_000;
    static final long RECIPIENT_LOW = 1, RECIPIENT_HIGH = 2;

    /** From the socket into the engine: the packet is copied, so Netty's buffer is free when this returns. */
    static final class Ingress extends SimpleChannelInboundHandler<DatagramPacket> {
        private final RelayEngine engine;

        Ingress(RelayEngine engine) {
            this.engine = engine;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, DatagramPacket datagram) {
            if (datagram.content().readableBytes() == PACKET_LENGTH) {
                final MemorySegment packet = MemorySegment.ofBuffer(datagram.content().nioBuffer());
                if (engine.offer(PacketSource.APPLICATION, packet, 0) == Offer.FULL) {
                    System.err.println("no room: the datagram is lost, as on any full router");
                }
            }
        }
    }

    /** From the engine to the socket: the segment is valid during the call only, so the bytes are copied. */
    record Egress(AtomicReference<Channel> channel, InetSocketAddress next) implements RelayListener {
        @Override
        public boolean onForward(int peer, MemorySegment packet) {
            channel.get().writeAndFlush(new DatagramPacket(Unpooled.copiedBuffer(packet.asByteBuffer()), next));
            return true;
        }
    }

    static Channel bind(MultiThreadIoEventLoopGroup loops, RelayEngine engine) throws InterruptedException {
        return new Bootstrap()
                .group(loops)
                .channel(NioDatagramChannel.class)
                .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(PACKET_LENGTH + 1))
                .handler(new Ingress(engine))
                .bind(InetAddress.getLoopbackAddress(), 0)
                .sync()
                .channel();
    }

    /** Sends packets through the relay, from one plain socket to another. */
    public static void main(String[] args) throws IOException, InterruptedException {
        final var random = new SecureRandomness();
        final var key = new RelaySphinxKey(SecretKey.generate(random)); // closed by the engine
        final var here = new SphinxHop(RelayPublicKey.copyOf(key.publicKey()), 0);
        final var channel = new AtomicReference<Channel>();
        final var loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try (DatagramSocket sender = new DatagramSocket();
                DatagramSocket receiver = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                Arena arena = Arena.ofShared();
                var nextKey = new RelaySphinxKey(SecretKey.generate(random));
                RelayEngine engine = RelayEngine.builder()
                        .keyEpoch(new SphinxEpoch(1, key, ReplaySet.create(REPLAY_TAGS, random)))
                        .delay(DelaySampler.sender(MAX_DELAY_NS))
                        .peer(Peer.direct("next", nextKey.id()))
                        .listener(new Egress(channel, (InetSocketAddress) receiver.getLocalSocketAddress()))
                        .threadFactory(new DefaultThreadFactory("relay"))
                        .build()) {
            engine.start();
            channel.set(bind(loops, engine));
            final var hops = List.of(here, new SphinxHop(RelayPublicKey.copyOf(nextKey.publicKey()), 0));
            final var wrapper = new SphinxWrapper(arena, CryptoProviders.byName("auto"), random, SphinxGeometry.MR1, 1);
            final MemorySegment packet = arena.allocate(PACKET_LENGTH + SphinxGeometry.SPILL_LENGTH, 64);
            final byte[] bytes = new byte[PACKET_LENGTH];
            receiver.setSoTimeout(10_000);
            int forwarded = 0;
            for (int i = 0; i < COUNT; i++) {
                wrapper.wrap(
                        SphinxPath.toRecipient(hops, RECIPIENT_LOW, RECIPIENT_HIGH),
                        MemorySegment.ofArray("hello".getBytes()),
                        packet,
                        0);
                MemorySegment.copy(packet, 0, MemorySegment.ofArray(bytes), 0, PACKET_LENGTH);
                sender.send(new java.net.DatagramPacket(bytes, PACKET_LENGTH, channel.get().localAddress()));
                final var arrived = new java.net.DatagramPacket(new byte[PACKET_LENGTH + 1], PACKET_LENGTH + 1);
                receiver.receive(arrived);
                forwarded += arrived.getLength() == PACKET_LENGTH ? 1 : 0;
            }
            System.out.println("forwarded=" + forwarded + " " + engine.counters());
        } finally {
            loops.shutdownGracefully().sync();
        }
    }
}

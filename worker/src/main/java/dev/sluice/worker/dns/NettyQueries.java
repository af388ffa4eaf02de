package dev.sluice.worker.dns;

import dev.sluice.worker.loop.EventLoop;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.AddressedEnvelope;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsNameResolverChannelStrategy;
import io.netty.resolver.dns.NoopDnsCache;
import io.netty.resolver.dns.NoopDnsCnameCache;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.util.function.Consumer;

/**
 * Questions by Netty's resolver: UDP with a random number and a socket, so a random port, of its
 * own for each; by TCP again when the answer is truncated. Of the resolver only single questions to
 * a named server are used: its own choice of servers would fall back to public ones, and it hides
 * the time to live.
 *
 * <p>Owner: event loop, on which its channels live too.
 */
final class NettyQueries implements Queries {

    /** What passes everywhere in one piece (DNS flag day 2020); more comes by TCP. */
    private static final int DATAGRAM_BYTES = 1232;
    /** Whoever asks cancels before that; then a silent TCP connection is closed too. */
    private static final long ABANDONED_MS = 60_000;

    private final EventLoop loop;
    private final DnsNameResolver resolver;

    NettyQueries(EventLoop loop) {
        this.loop = loop;
        this.resolver = loop.onNetty(io -> new DnsNameResolverBuilder(io)
                .datagramChannelFactory(NettyQueries::datagramChannel)
                .socketChannelFactory(NettyQueries::socketChannel)
                .datagramChannelStrategy(DnsNameResolverChannelStrategy.ChannelPerResolution)
                .nameServerProvider(host -> {
                    throw new IllegalStateException("a question that names no server");
                })
                .hostsFileEntriesResolver((host, types) -> null)
                .resolveCache(NoopDnsCache.INSTANCE)
                .cnameCache(NoopDnsCnameCache.INSTANCE)
                .maxPayloadSize(DATAGRAM_BYTES)
                .queryTimeoutMillis(ABANDONED_MS)
                .build());
    }

    /** Small buffers, seldom: no pool is worth its memory. */
    private static EpollDatagramChannel datagramChannel() {
        EpollDatagramChannel channel = new EpollDatagramChannel();
        channel.config().setAllocator(UnpooledByteBufAllocator.DEFAULT);
        return channel;
    }

    private static EpollSocketChannel socketChannel() {
        EpollSocketChannel channel = new EpollSocketChannel();
        channel.config().setAllocator(UnpooledByteBufAllocator.DEFAULT);
        return channel;
    }

    @Override
    public Pending ask(
            InetSocketAddress server, String name, RecordType type, Consumer<Reply> onReply) {
        assert loop.inEventLoop();
        Call call = new Call(name, type, onReply);
        call.future = resolver.query(server,
                new DefaultDnsQuestion(name, DnsRecordType.valueOf(type.name())));
        call.future.addListener(call::done);
        return call;
    }

    @Override
    public void close() {
        resolver.close();
    }

    /** One question under way. */
    private final class Call implements Pending {
        private final String name;
        private final RecordType type;
        private final Consumer<Reply> onReply;
        private Future<AddressedEnvelope<DnsResponse, InetSocketAddress>> future;
        private boolean cancelled;

        Call(String name, RecordType type, Consumer<Reply> onReply) {
            this.name = name;
            this.type = type;
            this.onReply = onReply;
        }

        /** Called by Netty in the middle of its own work: the rest happens in the loop's turn. */
        void done(Future<? super AddressedEnvelope<DnsResponse, InetSocketAddress>> ended) {
            Reply reply;
            if (future.isSuccess()) {
                AddressedEnvelope<DnsResponse, InetSocketAddress> message = future.getNow();
                reply = ReplyReader.read(message.content(), name, type);
                message.release();
            } else {
                reply = Reply.failed(String.valueOf(ended.cause().getMessage()));
            }
            loop.execute(() -> {
                if (!cancelled) {
                    onReply.accept(reply);
                }
            });
        }

        @Override
        public void cancel() {
            cancelled = true;
            future.cancel(false);
        }
    }
}

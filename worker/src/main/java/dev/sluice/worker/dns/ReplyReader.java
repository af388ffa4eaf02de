package dev.sluice.worker.dns;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.dns.DefaultDnsRecordDecoder;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Takes from a decoded message what answers the question and nothing else: records of the name that
 * was asked for, or of the end of the chain of aliases that begins there. Whatever else a server
 * puts into a message is not looked at, so that it cannot plant anything.
 *
 * <p>Stateless.
 */
final class ReplyReader {

    private static final int ALIASES_MAX = 8;
    private static final int SRV_HEAD_BYTES = 6;
    /** RFC 2181 section 8: a TTL with the top bit set counts as 0. */
    private static final long TTL_MAX_S = Integer.MAX_VALUE;

    private ReplyReader() {
    }

    static Reply read(DnsResponse message, String name, RecordType type) {
        if (message.isTruncated()) {
            return Reply.failed("answer is truncated, and not to be had by TCP");
        }
        if (message.code().intValue() == DnsResponseCode.NXDOMAIN.intValue()) {
            return Reply.none("no such name");
        }
        if (message.code().intValue() != DnsResponseCode.NOERROR.intValue()) {
            return Reply.failed("name server says " + message.code());
        }
        try {
            return records(message, name, type);
        } catch (CorruptedFrameException | IndexOutOfBoundsException e) {
            return Reply.failed("answer is damaged");
        }
    }

    private static Reply records(DnsResponse message, String name, RecordType type) {
        String owner = absolute(name);
        long ttlS = TTL_MAX_S;
        for (int hop = 0; hop <= ALIASES_MAX; hop++) {
            Found found = new Found(ttlS);
            String next = null;
            for (int i = 0; i < message.count(DnsSection.ANSWER); i++) {
                DnsRecord record = message.recordAt(DnsSection.ANSWER, i);
                if (!absolute(record.name()).equals(owner)
                        || !(record instanceof DnsRawRecord raw)) {
                    continue;
                }
                if (record.type().intValue() == DnsRecordType.CNAME.intValue()) {
                    next = nameAt(raw.content().duplicate());
                    ttlS = Math.min(ttlS, ttl(record));
                } else if (record.type().name().equals(type.name())) {
                    found.add(raw, type);
                }
            }
            if (!found.isEmpty()) {
                return found.reply(type);
            }
            if (next == null) {
                return hop == 0 ? Reply.none("no " + type + " record") : Reply.alias(owner, ttlS);
            }
            owner = absolute(next);
        }
        return Reply.failed("more than " + ALIASES_MAX + " aliases");
    }

    private static String absolute(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower : lower + ".";
    }

    private static long ttl(DnsRecord record) {
        return record.timeToLive() > TTL_MAX_S ? 0 : record.timeToLive();
    }

    private static String nameAt(ByteBuf content) {
        return DefaultDnsRecordDecoder.decodeName(content);
    }

    /** Records of one owner. */
    private static final class Found {
        private final List<InetAddress> addresses = new ArrayList<>();
        private final List<Reply.Service> services = new ArrayList<>();
        private long ttlS;

        Found(long ttlS) {
            this.ttlS = ttlS;
        }

        boolean isEmpty() {
            return addresses.isEmpty() && services.isEmpty();
        }

        void add(DnsRawRecord record, RecordType type) {
            ByteBuf content = record.content().duplicate();
            ttlS = Math.min(ttlS, ttl(record));
            if (addresses.size() + services.size() >= Answer.TARGETS_MAX) {
                return;
            }
            if (type == RecordType.SRV) {
                addService(content);
            } else {
                addAddress(content, type == RecordType.A ? 4 : 16);
            }
        }

        private void addAddress(ByteBuf content, int length) {
            if (content.readableBytes() != length) {
                throw new CorruptedFrameException("an address of " + content.readableBytes());
            }
            byte[] bytes = new byte[length];
            content.readBytes(bytes);
            try {
                InetAddress address = InetAddress.getByAddress(bytes);
                // What nothing can listen on; 0.0.0.0 would even be this host.
                if (!address.isAnyLocalAddress() && !address.isMulticastAddress()
                        && !addresses.contains(address)) {
                    addresses.add(address);
                }
            } catch (UnknownHostException impossible) {
                throw new CorruptedFrameException(impossible);
            }
        }

        private void addService(ByteBuf content) {
            if (content.readableBytes() <= SRV_HEAD_BYTES) {
                throw new CorruptedFrameException("an SRV record without target");
            }
            int priority = content.readUnsignedShort();
            int weight = content.readUnsignedShort();
            int port = content.readUnsignedShort();
            String target = absolute(nameAt(content));
            // RFC 2782: a target of "." says that the service is not there.
            if (!target.equals(".") && port != 0) {
                services.add(new Reply.Service(priority, Math.max(1, weight), port, target));
            }
        }

        Reply reply(RecordType type) {
            return type == RecordType.SRV ? Reply.services(services, ttlS)
                    : Reply.addresses(addresses, ttlS);
        }
    }
}

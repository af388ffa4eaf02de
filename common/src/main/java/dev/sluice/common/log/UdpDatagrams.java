package dev.sluice.common.log;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;

/** Datagrams by UDP: what a daemon that is not there would have got is lost, as UDP does. */
final class UdpDatagrams implements SystemLog.Datagrams {

    private final DatagramChannel channel;

    UdpDatagrams(InetSocketAddress to) throws IOException {
        channel = DatagramChannel.open();
        channel.connect(to);
    }

    @Override
    public void send(ByteBuffer bytes) throws IOException {
        try {
            channel.write(bytes);
        } catch (PortUnreachableException e) {
            // Told of the datagram before this one, which then was not sent.
            channel.write(bytes.rewind());
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}

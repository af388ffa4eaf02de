package dev.sluice.modules.ieee2030;

import dev.sluice.modules.credentials.WatchedFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;

/**
 * A file of devices. One with a wrong line is not taken over: what the file said before stays in
 * force, since a slip of the pen must neither shut all devices out nor let a denied one in.
 *
 * <p>Owner: the boot thread, then the side thread.
 */
final class DeviceFile extends WatchedFile {

    private DeviceList list;
    private String complaint;

    DeviceFile(Path file, InstantSource clock) {
        super(file, clock);
    }

    @Override
    protected void read() throws IOException {
        DeviceList read = DeviceList.read(file);
        if (read.problems().isEmpty()) {
            list = read;
            return;
        }
        DeviceList.Problem first = read.problems().getFirst();
        complaint = "\"" + file + "\" line " + first.line() + ": " + first.message()
                + (list == null ? "" : "; the list of before stays");
    }

    @Override
    protected void forget() {
        list = null;
    }

    /** Null when there is none. Handed over: it never changes. */
    DeviceList list() {
        return list;
    }

    @Override
    public String complaint() {
        String told = complaint;
        complaint = null;
        return told;
    }
}

package dev.sluice.modules.ieee2030;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A file of devices: one LFDI a line, in any case, with dashes or colons between its digits or
 * without; what follows it after white space is for people, as are lines that begin with #.
 *
 * <p>Held as a table of the bytes themselves, at most half full, probed from the place that their
 * first four name: they are a hash already.
 *
 * <pre>
 *  table:  | 20 bytes | 20 zero bytes: free | 20 bytes | ...
 * </pre>
 *
 * <p>Read once, then read-only.
 */
final class DeviceList {

    /** What is wrong with a line, counted from 1. */
    record Problem(int line, String message) {}

    /** The beginning of the SHA-256 of a certificate (IEEE 2030.5-2018 §6.3.3). */
    static final int LFDI_BYTES = 20;

    /** 8 MB of a worker's heap, and twice as much for the moment in which a new list is read. */
    static final int DEVICES_MAX = 200_000;

    private static final int PROBLEMS_MAX = 20;
    private static final int LINE_MAX = 1000;

    private final List<Problem> problems = new ArrayList<>();
    private final byte[] table;
    private final int capacity;
    private int count;

    private DeviceList(int countMax) {
        capacity = Math.max(4, 2 * countMax);
        table = new byte[capacity * LFDI_BYTES];
    }

    /**
     * Reads a file; what is wrong with its lines is told by {@link #problems}.
     *
     * @throws IOException it cannot be read, or has too many lines
     */
    static DeviceList read(Path file) throws IOException {
        int lineCount = 0;
        try (BufferedReader in = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                lineCount += line.isEmpty() || line.charAt(0) == '#' ? 0 : 1;
                if (lineCount > DEVICES_MAX || line.length() > LINE_MAX) {
                    throw new IOException("more than " + DEVICES_MAX + " lines, or longer than "
                            + LINE_MAX + " characters");
                }
            }
        }
        DeviceList list = new DeviceList(lineCount);
        try (BufferedReader in = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
            int number = 0;
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                number++;
                // It may have grown since it was counted; what is more will be read next time.
                if (!line.isBlank() && line.charAt(0) != '#' && list.count < lineCount) {
                    list.add(number, line.strip());
                }
            }
        }
        return list;
    }

    private void add(int number, String line) {
        byte[] lfdi = new byte[LFDI_BYTES];
        int digits = 0;
        int at = 0;
        while (at < line.length() && !Character.isWhitespace(line.charAt(at))) {
            char c = line.charAt(at++);
            if (c == '-' || c == ':') {
                continue;
            }
            int value = Character.digit(c, 16);
            if (value < 0 || digits == 2 * LFDI_BYTES) {
                digits = -1;
                break;
            }
            lfdi[digits / 2] |= (byte) (value << (digits % 2 == 0 ? 4 : 0));
            digits++;
        }
        boolean free = Arrays.equals(lfdi, new byte[LFDI_BYTES]);
        if (digits != 2 * LFDI_BYTES || free) {
            if (problems.size() < PROBLEMS_MAX) {
                String word = line.split("\\s", 2)[0];
                problems.add(new Problem(number, "\"" + word + "\" is no LFDI"));
            }
            return;
        }
        int place = place(lfdi);
        while (!isFree(place) && !holds(place, lfdi)) {
            place = place + 1 == capacity ? 0 : place + 1;
        }
        if (isFree(place)) {
            System.arraycopy(lfdi, 0, table, place * LFDI_BYTES, LFDI_BYTES);
            count++;
        }
    }

    boolean contains(byte[] fingerprint) {
        int place = place(fingerprint);
        while (!isFree(place)) {
            if (holds(place, fingerprint)) {
                return true;
            }
            place = place + 1 == capacity ? 0 : place + 1;
        }
        return false;
    }

    private int place(byte[] lfdi) {
        int first = lfdi[0] << 24 | (lfdi[1] & 0xff) << 16 | (lfdi[2] & 0xff) << 8
                | lfdi[3] & 0xff;
        return Integer.remainderUnsigned(first, capacity);
    }

    private boolean isFree(int place) {
        int from = place * LFDI_BYTES;
        for (int i = 0; i < LFDI_BYTES; i++) {
            if (table[from + i] != 0) {
                return false;
            }
        }
        return true;
    }

    private boolean holds(int place, byte[] lfdi) {
        int from = place * LFDI_BYTES;
        return Arrays.equals(table, from, from + LFDI_BYTES,
                lfdi, 0, LFDI_BYTES);
    }

    /** How many devices it names. */
    int count() {
        return count;
    }

    /** The first of them. */
    List<Problem> problems() {
        return problems;
    }
}

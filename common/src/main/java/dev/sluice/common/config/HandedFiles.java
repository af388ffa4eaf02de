package dev.sluice.common.config;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Content of files that the master may read and its workers may not: certificates, and keys as
 * PKCS #8 in DER; beside them the secret of session tickets. The master hands them down in memory,
 * never in a file that others could open.
 *
 * <pre>
 *  for each:  | path: modified UTF-8 | int bytes | content |      big-endian
 * </pre>
 *
 * <p>Filled by the loading thread, then read-only.
 */
public final class HandedFiles {

    /** No path begins so. */
    private static final String KEY_OF = "key of ";
    private static final String REVOKED_IN = "revoked in ";
    private static final String STAPLE_OF = "staple of ";

    private final Map<String, byte[]> byPath = new LinkedHashMap<>();
    /** Where it comes from; by what is read of which file. The master's alone. */
    private final Map<List<String>, FileUnit> units = new LinkedHashMap<>();

    /** Reads what {@link #packed} wrote. */
    public static HandedFiles of(byte[] packed) throws IOException {
        HandedFiles files = new HandedFiles();
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(packed));
        while (in.available() > 0) {
            String path = in.readUTF();
            byte[] content = new byte[in.readInt()];
            in.readFully(content);
            files.byPath.put(path, content);
        }
        return files;
    }

    public boolean isEmpty() {
        return byPath.isEmpty();
    }

    void add(String path, byte[] content) {
        byPath.put(path, content);
    }

    /** These, and one that is no file. */
    public HandedFiles with(String name, byte[] content) {
        HandedFiles more = new HandedFiles();
        more.addAll(this);
        more.byPath.put(name, content);
        return more;
    }

    /** These, and an answer about a certificate. */
    public HandedFiles withStaple(String certificate, byte[] answer) {
        return with(STAPLE_OF + certificate, answer);
    }

    /** These, and the answers of another one that are about certificates of these. */
    public HandedFiles withStaplesOf(HandedFiles other) {
        HandedFiles more = new HandedFiles();
        more.addAll(this);
        other.byPath.forEach((name, answer) -> {
            if (name.startsWith(STAPLE_OF)
                    && byPath.containsKey(name.substring(STAPLE_OF.length()))) {
                more.byPath.putIfAbsent(name, answer);
            }
        });
        return more;
    }

    /** The answers alone. */
    public HandedFiles staples() {
        HandedFiles staples = new HandedFiles();
        staples.byPath.putAll(byPath);
        staples.byPath.keySet().removeIf(name -> !name.startsWith(STAPLE_OF));
        return staples;
    }

    void addStaple(String certificate, byte[] answer) {
        byPath.put(STAPLE_OF + certificate, answer);
    }

    /** Lent for reading only; an answer about the first certificate of a file; null for none. */
    public byte[] staple(String certificate) {
        return byPath.get(STAPLE_OF + certificate);
    }

    /** What was added of these paths. */
    public HandedFiles part(Collection<String> paths) {
        HandedFiles part = new HandedFiles();
        for (String path : paths) {
            for (String name : List.of(path, KEY_OF + path, REVOKED_IN + path,
                    STAPLE_OF + path)) {
                if (byPath.containsKey(name)) {
                    part.byPath.put(name, byPath.get(name));
                }
            }
        }
        return part;
    }

    /** What was read of one file. */
    byte[] packedOf(FileUnit unit) {
        HandedFiles one = part(List.of(unit.subject()));
        one.byPath.keySet().removeIf(name ->
                name.startsWith(STAPLE_OF) != (unit.kind() == FileUnit.Kind.STAPLE));
        return one.packed();
    }

    /** Whether something was handed down of each path. */
    public boolean hasAll(Collection<String> paths) {
        return paths.stream().allMatch(path -> byPath.containsKey(path)
                || byPath.containsKey(KEY_OF + path) || byPath.containsKey(REVOKED_IN + path));
    }

    /** Takes over all of another one. */
    void addAll(HandedFiles other) {
        byPath.putAll(other.byPath);
        units.putAll(other.units);
    }

    /** What was added comes from there. */
    void watch(FileUnit unit) {
        units.put(Arrays.asList(unit.kind().name(), unit.path(), unit.certificate()), unit);
    }

    Collection<FileUnit> units() {
        return units.values();
    }

    /** The key in a file, which may hold certificates too. */
    void addKey(String path, byte[] pkcs8) {
        byPath.put(KEY_OF + path, pkcs8);
    }

    /** Lists of revoked certificates in a file, which may hold certificates too. */
    void addRevocations(String path, byte[] content) {
        byPath.put(REVOKED_IN + path, content);
    }

    /** Lent for reading only; null for a file that was not handed down. */
    public byte[] revocations(String path) {
        return byPath.get(REVOKED_IN + path);
    }

    /** Lent for reading only; PKCS #8 in DER, null for a file that was not handed down. */
    public byte[] key(String path) {
        return byPath.get(KEY_OF + path);
    }

    /** Lent for reading only; null for a file that was not handed down. */
    public byte[] content(String path) {
        return byPath.get(path);
    }

    /** All of it, for {@link #of}. */
    public byte[] packed() {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(bytes);
            for (Map.Entry<String, byte[]> file : byPath.entrySet()) {
                out.writeUTF(file.getKey());
                out.writeInt(file.getValue().length);
                out.write(file.getValue());
            }
            return bytes.toByteArray();
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Answers about certificates come and go while the rest stays: they are no difference. */
    @Override
    public boolean equals(Object other) {
        return other instanceof HandedFiles files
                && Arrays.equals(lasting().packed(), files.lasting().packed());
    }

    @Override
    public int hashCode() {
        return lasting().byPath.keySet().hashCode();
    }

    private HandedFiles lasting() {
        HandedFiles lasting = new HandedFiles();
        lasting.addAll(this);
        lasting.byPath.keySet().removeIf(name -> name.startsWith(STAPLE_OF));
        return lasting;
    }

    /** Names only: what is inside is secret. */
    @Override
    public String toString() {
        return byPath.keySet().toString();
    }
}

package dev.sluice.master.system;

import dev.sluice.common.clock.Clock;
import dev.sluice.common.zones.ZoneFile;
import dev.sluice.common.zones.ZoneSpec;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The zones of all generations that live: made when the first of them begins to roll out, kept
 * while any of them uses it, deleted after the last. Their names follow from what they are, so
 * whoever has the same configuration finds the same file. Owner: master loop.
 */
public final class ZoneFiles {

    private static final Path RANDOM = Path.of("/dev/urandom");
    private static final int SECRET_BYTES = 16;

    /** One file, mapped here as well: state of a worker that died is put right from here. */
    private record Held(Path file, ZoneFile words, Arena arena) {}

    private final Path folder;
    private final Clock clock;
    private final Map<ZoneSpec, Held> held = new LinkedHashMap<>();

    /** Whom the files belong to; null for the master's own user. */
    private Account owner;

    public ZoneFiles(Path folder, Clock clock) {
        this.folder = folder;
        this.clock = clock;
    }

    public Path folder() {
        return folder;
    }

    /**
     * Makes what a generation asks for and does not exist.
     *
     * @return one line for each object whose state starts anew although it had some
     * @throws IOException something could not be made; what was made goes with {@link #keepOnly}
     */
    public List<String> add(Collection<ZoneSpec> wanted, Account account) throws IOException {
        List<String> anew = new ArrayList<>();
        for (ZoneSpec spec : wanted) {
            if (!held.containsKey(spec)) {
                boolean before = held.keySet().stream().anyMatch(spec::sameObject);
                hold(spec, account);
                if (before) {
                    anew.add(spec + " has another size or shape: its state starts anew");
                }
            }
        }
        give(account);
        return anew;
    }

    private void hold(ZoneSpec spec, Account account) throws IOException {
        Path file = folder.resolve(spec.fileName());
        Arena arena = Arena.ofConfined();
        try {
            ZoneFile words = openOld(file, spec, arena);
            if (words == null) {
                ZoneFile.create(file, spec, clock.nowMs(), secret());
                words = ZoneFile.open(file, spec, arena);
            }
            RunDirectory.give(file, account);
            held.put(spec, new Held(file, words, arena));
        } catch (IOException | RuntimeException failed) {
            arena.close();
            throw failed;
        }
    }

    /** One that an earlier master left to us; a damaged one is replaced. */
    private static ZoneFile openOld(Path file, ZoneSpec spec, Arena arena) {
        try {
            return Files.exists(file) ? ZoneFile.open(file, spec, arena) : null;
        } catch (IOException damaged) {
            return null;
        }
    }

    private static byte[] secret() throws IOException {
        try (InputStream random = Files.newInputStream(RANDOM)) {
            return random.readNBytes(SECRET_BYTES);
        }
    }

    /** Another account only after a reload that changed it; its workers open the files anew. */
    private void give(Account account) throws IOException {
        if (account != null && !account.equals(owner)) {
            for (Held each : held.values()) {
                RunDirectory.give(each.file(), account);
            }
        }
        owner = account;
    }

    /**
     * Deletes what no generation uses any more.
     *
     * @param account of the installed generation: one that was rolled back may have had another
     */
    public void keepOnly(Collection<ZoneSpec> used, Account account) throws IOException {
        for (Iterator<Map.Entry<ZoneSpec, Held>> all = held.entrySet().iterator();
                all.hasNext(); ) {
            Map.Entry<ZoneSpec, Held> each = all.next();
            if (!used.contains(each.getKey())) {
                all.remove();
                each.getValue().arena().close();
                Files.deleteIfExists(each.getValue().file());
            }
        }
        give(account);
    }

    /** Shows every zone of one kind, to put right what a dead worker left in it. */
    public void forEach(String kind, Consumer<ZoneFile> visitor) {
        for (Held each : held.values()) {
            if (each.words().spec().kind().equals(kind)) {
                visitor.accept(each.words());
            }
        }
    }
}

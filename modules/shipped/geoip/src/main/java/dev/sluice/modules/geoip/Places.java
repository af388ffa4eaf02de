package dev.sluice.modules.geoip;

import com.maxmind.db.Reader;
import dev.sluice.module.ModuleLog;
import dev.sluice.modules.credentials.SideThread;
import dev.sluice.modules.credentials.Source;
import java.io.IOException;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Looks addresses up and remembers those that came last.
 *
 * <p>Owner: event loop; the databases belong to the side thread.
 */
final class Places {

    private static final int REMEMBERED_MAX = 4096;
    private static final String[] NOWHERE = new String[Field.ALL.length];

    private record Look(List<Reader> readers, List<String> complaints) {}

    private final List<Database> databases;
    private final SideThread side;
    private final ModuleLog log;
    private final InstantSource clock;
    private final Map<String, String[]> remembered =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, String[]> eldest) {
                    return size() > REMEMBERED_MAX;
                }
            };
    private List<Reader> readers;
    private long lookedMs;
    private CompletableFuture<Look> looking;
    private boolean failing;

    Places(List<Database> databases, SideThread side, ModuleLog log, InstantSource clock) {
        this.databases = databases;
        this.side = side;
        this.log = log;
        this.clock = clock;
        this.lookedMs = clock.millis();
        take(look());
    }

    private Look look() {
        List<Reader> found = new ArrayList<>();
        List<String> complaints = new ArrayList<>();
        for (Database one : databases) {
            one.look();
            if (one.reader() != null) {
                found.add(one.reader());
            }
            String complaint = one.complaint();
            if (complaint != null) {
                complaints.add(complaint);
            }
        }
        return new Look(found, complaints);
    }

    private void take(Look look) {
        look.complaints.forEach(log::warn);
        if (!look.readers.equals(readers)) {
            readers = look.readers;
            remembered.clear();
        }
    }

    /** What is known of an address, by {@link Field}; never changed. */
    String[] of(String address) {
        lookAgain();
        String[] known = remembered.get(address);
        if (known == null) {
            known = find(address);
            remembered.put(address, known);
        }
        return known;
    }

    private String[] find(String address) {
        if (address.isEmpty() || address.startsWith("unix:")) {
            return NOWHERE;
        }
        String[] place = new String[Field.ALL.length];
        try {
            InetAddress ip = InetAddress.ofLiteral(address);
            for (Reader reader : readers) {
                Map<?, ?> record = reader.get(ip, Map.class);
                if (record != null) {
                    add(place, record);
                }
            }
            failing = false;
        } catch (IOException | RuntimeException e) {
            // A database that is broken in the middle; also what is no address.
            if (!failing) {
                failing = true;
                log.warn("an address cannot be looked up: " + e);
            }
        }
        return place;
    }

    private static void add(String[] place, Map<?, ?> record) {
        for (Field field : Field.ALL) {
            if (place[field.ordinal()] == null) {
                place[field.ordinal()] = field.of(record);
            }
        }
    }

    /** Reading is for the side thread; what it finds counts from the next request on. */
    private void lookAgain() {
        if (looking != null) {
            if (looking.isDone()) {
                take(looking.join());
                looking = null;
            }
            return;
        }
        long nowMs = clock.millis();
        if (Math.abs(nowMs - lookedMs) >= Source.LOOK_MS) {
            lookedMs = nowMs;
            CompletableFuture<Look> look = new CompletableFuture<>();
            if (side.submit(() -> look.complete(look()))) {
                looking = look;
            }
        }
    }
}

package dev.sluice.modules.geoip;

import com.maxmind.db.Reader;
import dev.sluice.module.ModuleLog;
import dev.sluice.module.Watched;
import java.io.IOException;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Looks addresses up and remembers those that came last.
 *
 * <p>Owner: event loop.
 */
final class Places {

    private static final int REMEMBERED_MAX = 4096;
    private static final String[] NOWHERE = new String[Field.ALL.length];

    private final List<Watched<Reader>> databases;
    private final ModuleLog log;
    private final Map<String, String[]> remembered =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, String[]> eldest) {
                    return size() > REMEMBERED_MAX;
                }
            };
    /** Those that what is remembered comes from; null for one that could never be read. */
    private final Reader[] readers;
    private boolean failing;

    Places(List<Watched<Reader>> databases, ModuleLog log) {
        this.databases = databases;
        this.log = log;
        this.readers = new Reader[databases.size()];
    }

    /** What is known of an address, by {@link Field}; never changed. */
    String[] of(String address) {
        takeNews();
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
                Map<?, ?> record = reader == null ? null : reader.get(ip, Map.class);
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

    private void takeNews() {
        for (int i = 0; i < readers.length; i++) {
            Reader now = databases.get(i).get();
            if (now != readers[i]) {
                readers[i] = now;
                remembered.clear();
            }
        }
    }
}

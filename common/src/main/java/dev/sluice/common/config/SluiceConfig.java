package dev.sluice.common.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The whole configuration: every default filled in, every inheritance applied.
 *
 * <p>The upstreams contain one more entry for every address that a {@code proxy_pass} names
 * directly; its name is the address as written. The servers contain one named "admin" when there
 * is an {@code [admin]} section. Modules are in the order of their hooks. Written at boot, then
 * read-only.
 */
public record SluiceConfig(
        MainConfig main,
        EventsConfig events,
        HttpConfig http,
        List<LogFormatConfig> logFormats,
        List<LimitConfig> limits,
        List<CacheConfig> caches,
        List<UpstreamConfig> upstreams,
        List<ServerConfig> servers,
        List<StreamConfig> streams,
        AdminConfig admin,
        MimeTypes mimeTypes,
        List<DerivedConfig> derived,
        List<ModuleConfig> modules) {

    public SluiceConfig {
        logFormats = List.copyOf(logFormats);
        limits = List.copyOf(limits);
        caches = List.copyOf(caches);
        upstreams = List.copyOf(upstreams);
        servers = List.copyOf(servers);
        streams = List.copyOf(streams);
        derived = List.copyOf(derived);
        modules = List.copyOf(modules);
    }

    /** The log format of a name that the configuration uses. */
    public LogFormatConfig logFormat(String name) {
        for (LogFormatConfig format : logFormats) {
            if (format.name().equals(name)) {
                return format;
            }
        }
        throw new IllegalArgumentException("no log format \"" + name + "\"");
    }

    /** To build one in Java; relative paths start at the directory. */
    public static ConfigBuilder builder(Path directory) {
        return new ConfigBuilder(directory);
    }

    /**
     * The addresses to listen on, each once, in the order of the file. Servers that share one share
     * its backlog and options, which one of them may set. Those of streams come last.
     */
    public List<ListenConfig> listenAddresses() {
        Map<String, ListenConfig> byKey = new LinkedHashMap<>();
        for (ServerConfig server : servers) {
            for (ListenConfig listen : server.listens()) {
                byKey.merge(listen.key(), listen, (first, other) ->
                        first.saysSocket() ? first : other);
            }
        }
        for (StreamConfig stream : streams) {
            for (ListenConfig listen : stream.listens()) {
                byKey.putIfAbsent(listen.key(), listen);
            }
        }
        return List.copyOf(byKey.values());
    }

    /** Whether workers will link system calls of their own: for files, or for splice(2). */
    public boolean needsSystemCalls() {
        return !streams.isEmpty() || !caches.isEmpty() || servesFiles();
    }

    /** Whether any request may be answered with a file. */
    public boolean servesFiles() {
        for (ServerConfig server : servers) {
            if (servesFiles(server.fallback())) {
                return true;
            }
            for (LocationConfig location : server.locations()) {
                if (servesFiles(location)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean servesFiles(LocationConfig location) {
        StaticConfig statics = location.statics();
        return location.proxy() == null && location.ret() == null && statics != null
                && (statics.root() != null || statics.alias() != null);
    }

    /** Place of the stream that has the address; below zero when servers have it. */
    public int streamAt(ListenConfig address) {
        for (int i = 0; i < streams.size(); i++) {
            for (ListenConfig listen : streams.get(i).listens()) {
                if (listen.key().equals(address.key())) {
                    return i;
                }
            }
        }
        return -1;
    }

    /**
     * How TLS is spoken to clients: by the place of each server, then of each stream; null for
     * those that do not speak it.
     */
    public List<ServerTlsConfig> clientTls() {
        List<ServerTlsConfig> all = new ArrayList<>();
        for (ServerConfig server : servers) {
            all.add(server.tls());
        }
        for (StreamConfig stream : streams) {
            all.add(stream.tls());
        }
        return all;
    }
}

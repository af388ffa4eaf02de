package dev.sluice.worker.dns;

import dev.sluice.common.config.ResolverConfig;
import dev.sluice.worker.dns.Answer.Target;
import dev.sluice.worker.dns.Reply.Outcome;
import dev.sluice.worker.loop.LoopContext;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * All questions that one name takes: its addresses of both families, under each name of the search
 * list until one exists; or its SRV records and then the addresses of their targets.
 *
 * <p>Owner: event loop.
 */
public final class Lookup {

    /** An answer from which something is missing is completed soon. */
    private static final long PARTIAL_TTL_MS = 5_000;
    /** How long a line of the hosts file is believed before the file is looked at again. */
    private static final long HOSTS_TTL_MS = 10_000;
    private static final int SERVICES_MAX = 64;

    private final LoopContext ctx;
    private final Queries queries;
    private final SystemFiles files;
    private final ResolverConfig config;
    private final Consumer<Answer> onAnswer;
    private final List<InetSocketAddress> servers;
    private final List<Question> open = new ArrayList<>();
    private boolean cancelled;

    Lookup(LoopContext ctx, Queries queries, SystemFiles files, ResolverConfig config,
            Consumer<Answer> onAnswer) {
        this.ctx = ctx;
        this.queries = queries;
        this.files = files;
        this.config = config;
        this.onAnswer = onAnswer;
        this.servers = config.servers().isEmpty() ? files.resolvConf().servers()
                : config.servers();
    }

    /** @param service the name of SRV records, null to ask for addresses */
    void start(String host, String service) {
        if (service == null) {
            addresses(host, this::end);
        } else if (servers.isEmpty()) {
            end(noServer());
        } else {
            question(service, RecordType.SRV, this::services);
        }
    }

    /** Nobody waits for the answer any longer. */
    public void cancel() {
        cancelled = true;
        open.forEach(Question::cancel);
        open.clear();
    }

    private void end(Answer answer) {
        if (!cancelled) {
            onAnswer.accept(answer);
        }
    }

    private static Answer noServer() {
        return Answer.failed("no name server is configured");
    }

    private void question(String name, RecordType type, Consumer<Reply> onReply) {
        Question[] self = new Question[1];
        Question one = new Question(ctx, queries, servers, config.timeoutMs(), name, type, r -> {
            open.remove(self[0]);
            onReply.accept(r);
        });
        self[0] = one;
        open.add(one);
        one.ask();
    }

    // ---- addresses

    /** @param written ends in a dot when it is not to be searched for */
    private void addresses(String written, Consumer<Answer> onFound) {
        boolean whole = written.endsWith(".");
        String host = whole ? written.substring(0, written.length() - 1) : written;
        List<InetAddress> here = files.hosts().addressesOf(host).stream()
                .filter(this::wanted).toList();
        if (!here.isEmpty()) {
            onFound.accept(Answer.found(targets(here), HOSTS_TTL_MS));
        } else if (servers.isEmpty()) {
            onFound.accept(noServer());
        } else {
            boolean asWritten = whole || !config.servers().isEmpty();
            List<String> names = asWritten ? List.of(host) : files.resolvConf().candidates(host);
            new Families(names, onFound).next();
        }
    }

    private boolean wanted(InetAddress address) {
        return address.getAddress().length == 4 ? config.ipv4() : config.ipv6();
    }

    private static List<Target> targets(List<InetAddress> addresses) {
        return addresses.stream().map(a -> new Target(a, 0, 1, false)).toList();
    }

    /** Both families of one name after the other of a list. */
    private final class Families {
        private final List<String> names;
        private final Consumer<Answer> onFound;
        private int nameIndex;
        private int waiting;
        private Reply v4;
        private Reply v6;

        Families(List<String> names, Consumer<Answer> onFound) {
            this.names = names;
            this.onFound = onFound;
        }

        void next() {
            String name = names.get(nameIndex++);
            v4 = Reply.none("no A record");
            v6 = Reply.none("no AAAA record");
            waiting = config.ipv4() && config.ipv6() ? 2 : 1;
            if (config.ipv4()) {
                question(name, RecordType.A, reply -> {
                    v4 = reply;
                    replied();
                });
            }
            if (config.ipv6()) {
                question(name, RecordType.AAAA, reply -> {
                    v6 = reply;
                    replied();
                });
            }
        }

        private void replied() {
            if (--waiting > 0) {
                return;
            }
            boolean failed = v4.outcome() == Outcome.FAILED || v6.outcome() == Outcome.FAILED;
            List<InetAddress> all = new ArrayList<>(v4.addresses());
            all.addAll(v6.addresses());
            if (!all.isEmpty()) {
                onFound.accept(Answer.found(targets(all), failed ? PARTIAL_TTL_MS : ttlMs()));
            } else if (failed) {
                onFound.accept(Answer.failed(
                        v4.outcome() == Outcome.FAILED ? v4.reason() : v6.reason()));
            } else if (nameIndex < names.size()) {
                next();
            } else {
                onFound.accept(Answer.none(config.ipv4() ? v4.reason() : v6.reason()));
            }
        }

        private long ttlMs() {
            long first = v4.addresses().isEmpty() ? Long.MAX_VALUE : v4.ttlS();
            long second = v6.addresses().isEmpty() ? Long.MAX_VALUE : v6.ttlS();
            return Math.min(first, second) * 1000;
        }
    }

    // ---- services

    private void services(Reply reply) {
        if (reply.outcome() != Outcome.FOUND) {
            end(reply.outcome() == Outcome.NONE ? Answer.none(reply.reason())
                    : Answer.failed(reply.reason()));
            return;
        }
        List<Reply.Service> services = reply.services().stream().limit(SERVICES_MAX).toList();
        if (services.isEmpty()) {
            end(Answer.none("no SRV record that can be used"));
            return;
        }
        new Targets(services, reply.ttlS() * 1000).start();
    }

    /** The addresses of all targets, put together when the last is known. */
    private final class Targets {
        private final List<Reply.Service> services;
        private final Answer[] answers;
        private long ttlMs;
        private int waiting;

        Targets(List<Reply.Service> services, long ttlMs) {
            this.services = services;
            this.answers = new Answer[services.size()];
            this.ttlMs = ttlMs;
        }

        void start() {
            waiting = services.size();
            for (int i = 0; i < answers.length; i++) {
                int index = i;
                addresses(services.get(i).target(), answer -> {
                    answers[index] = answer;
                    if (--waiting == 0) {
                        join();
                    }
                });
            }
        }

        private void join() {
            int best = services.stream().mapToInt(Reply.Service::priority).min().orElse(0);
            Set<Target> all = new LinkedHashSet<>();
            String reason = null;
            boolean failed = false;
            for (int i = 0; i < answers.length; i++) {
                Reply.Service service = services.get(i);
                for (Target target : answers[i].targets()) {
                    all.add(new Target(target.address(), service.port(), service.weight(),
                            service.priority() != best));
                }
                if (answers[i].isFound()) {
                    ttlMs = Math.min(ttlMs, answers[i].ttlMs());
                } else {
                    failed |= answers[i].outcome() == Outcome.FAILED;
                    reason = answers[i].reason() + " of " + service.target();
                }
            }
            List<Target> targets = all.stream().limit(Answer.TARGETS_MAX).toList();
            if (!targets.isEmpty()) {
                end(Answer.found(targets, failed ? Math.min(ttlMs, PARTIAL_TTL_MS) : ttlMs));
            } else {
                end(failed ? Answer.failed(reason) : Answer.none(reason));
            }
        }
    }
}

package dev.sluice.common.config;

import static dev.sluice.common.config.SectionKind.ADMIN;
import static dev.sluice.common.config.SectionKind.EVENTS;
import static dev.sluice.common.config.SectionKind.LOG_FORMAT;
import static dev.sluice.common.config.SectionKind.MAIN;

import java.util.List;

/** The part of the table for processes, logs and operators. Written at boot, then read-only. */
public final class ProcessKeys {

    private static final long DAY_MS = 86_400_000;

    public static final ConfigKey<String> USER = ConfigKey.single("user", new UserName(), null,
            "The user workers run as when the master was started by root; without it they keep"
                    + " the master's.", MAIN).shows("www-data");

    /** Four generations of them still have lanes: see WorkerOptions. */
    static final int WORKERS_MAX = 256;

    /** 0 stands for auto until the number of CPUs is asked for. */
    public static final ConfigKey<Integer> WORKERS = ConfigKey.single("workers",
            new Scalars.Count(1, WORKERS_MAX, "auto", 0), "auto",
            "How many worker processes serve requests; auto is one per CPU this process may use.",
            MAIN);

    public static final ConfigKey<String> WORKER_CPU_AFFINITY = ConfigKey.single(
            "worker_cpu_affinity",
            new Scalars.Keyword(List.of("off", "auto"), List.of()), "off",
            "Whether each worker is bound to one CPU of its own.", MAIN);

    public static final ConfigKey<Long> WORKER_SHUTDOWN_TIMEOUT = ConfigKey.single(
            "worker_shutdown_timeout", new Scalars.Time(0, 7 * DAY_MS), "60s",
            "How long a worker that stops gracefully may finish requests before it ends; 0 waits"
                    + " for ever.", MAIN);

    public static final ConfigKey<Long> WORKER_STALL_TIMEOUT = ConfigKey.single(
            "worker_stall_timeout", Scalars.Time.orOff(3_600_000), "30s",
            "A worker whose event loop has not turned for so long is killed and replaced; off"
                    + " never does it.", MAIN);

    public static final ConfigKey<Integer> MAX_GENERATIONS = ConfigKey.single("max_generations",
            new Scalars.Count(2, 16), "3",
            "How many generations of workers may live at once after reloads; the oldest ends"
                    + " first.", MAIN);

    public static final ConfigKey<String> RUN_DIRECTORY = ConfigKey.single("run_directory",
            Scalars.PATH, "/run/sluice",
            "Where the running Sluice keeps its sockets, counters and the files of generations.",
            MAIN).needsRestart();

    /** The default follows run_directory, so it is not a text here. */
    public static final ConfigKey<String> PID = ConfigKey.single("pid", Scalars.PATH, null,
            "The file with the process id of the master; without it sluice.pid in run_directory.",
            MAIN).needsRestart().shows("/run/sluice/sluice.pid");

    public static final ConfigKey<ErrorLogConfig> ERROR_LOG = ConfigKey.single("error_log",
            LogTypes.ERROR_LOG, "stderr notice",
            "Where errors are written, and from which level on. A syslog server is written as"
                    + " for access_log.", MAIN)
            .shows("/var/log/sluice/error.log warn");

    public static final ConfigKey<LogRotateConfig> LOG_ROTATE = ConfigKey.single("log_rotate",
            LogTypes.LOG_ROTATE, null, "When the master puts aside all log files and how many old"
                    + " ones of each stay, FILE.1 the newest; periods are counted from midnight."
                    + " Without it something else does, such as logrotate.", MAIN)
            .shows("size=100m every=1d keep=14");

    public static final ConfigKey<Long> CANARY = ConfigKey.single("canary",
            Scalars.Time.orOff(3_600_000), "off",
            "How long one new worker serves first at a reload; when it does worse than the old"
                    + " ones the reload is rolled back. An upgrade of the program has no"
                    + " canary.", MAIN).shows("5s");

    public static final ConfigKey<Long> WARMUP = ConfigKey.single("warmup",
            Scalars.Time.orOff(10_000), "300ms",
            "How long a new worker serves requests to itself at most, so that its code is compiled"
                    + " when clients come; three times as long, up to 10s, while others serve and"
                    + " nobody waits for it. It ends sooner when it no longer gets faster. off"
                    + " does without.", MAIN);

    public static final ConfigKey<String> USE = ConfigKey.single("use",
            new Scalars.Keyword(List.of("epoll"), List.of("io_uring")), "epoll",
            "The kernel's way of telling a worker what is ready.", EVENTS);

    public static final ConfigKey<Integer> WORKER_CONNECTIONS = ConfigKey.single(
            "worker_connections",
            new Scalars.Count(16, 1_000_000), "16384",
            "How many connections one worker holds at most, clients and peers together.", EVENTS);

    public static final ConfigKey<Integer> MULTI_ACCEPT = ConfigKey.single("multi_accept",
            new Scalars.Count(1, 1024), "64",
            "How many connections a worker accepts in a row before it serves those it has.",
            EVENTS);

    public static final ConfigKey<List<String>> DEBUG_CONNECTION = ConfigKey.list(
            "debug_connection", AddressTypes.NETWORKS,
            "Networks of clients whose connections, handshakes, streams of HTTP/2, requests and"
                    + " sessions are told of step by step in the error log, at debug, whatever"
                    + " its level is.", EVENTS).shows("192.0.2.7");

    public static final ConfigKey<String> FORMAT = ConfigKey.single("format", Scalars.TEXT, null,
            "The line, a template of variables; quotes around the whole of it are removed.",
            LOG_FORMAT).shows("$remote_addr \"$request\" $status $request_time");

    public static final ConfigKey<String> ESCAPE = ConfigKey.single("escape",
            new Scalars.Keyword(List.of("default", "json", "none"), List.of()), "default",
            "How variables are escaped: default and json as in nginx, none not at all.",
            LOG_FORMAT);

    public static final ConfigKey<ListenConfig> ADMIN_LISTEN = ConfigKey.list("listen",
            AddressTypes.LISTEN, "An address that operators reach /metrics and /healthz at.",
            ADMIN).shows("127.0.0.1:9090");

    public static final ConfigKey<List<String>> ADMIN_ALLOW = ConfigKey.list("allow",
            AddressTypes.NETWORKS, "The networks operators come from; without it the loopback and"
                    + " unix sockets.", ADMIN).shows("127.0.0.0/8 ::1 unix:");

    public static final ConfigKey<AdminUser> ADMIN_USERS = ConfigKey.list("auth_basic_user",
            AdminTypes.USER, "A user who may see the pages, and the hash of the password; with"
                    + " one, everybody who comes from allow is asked for a password (HTTP Basic)."
                    + " It is sent in the clear: put a [server] with ssl in front of addresses"
                    + " that others can reach. /healthz asks nobody.", ADMIN);

    static final List<ConfigKey<?>> ALL = List.of(USER, WORKERS, WORKER_CPU_AFFINITY,
            WORKER_SHUTDOWN_TIMEOUT, WORKER_STALL_TIMEOUT, MAX_GENERATIONS, RUN_DIRECTORY, PID,
            ERROR_LOG, LOG_ROTATE, CANARY, WARMUP, USE, WORKER_CONNECTIONS, MULTI_ACCEPT,
            DEBUG_CONNECTION, FORMAT, ESCAPE, ADMIN_LISTEN, ADMIN_ALLOW, ADMIN_USERS);

    private ProcessKeys() {
    }

    /** A name as useradd allows it; whether the user exists is found out by the master. */
    private static final class UserName implements ValueType<String> {

        @Override
        public String name() {
            return "a user";
        }

        @Override
        public String form() {
            return "the name of a user";
        }

        @Override
        public String parse(Value value) throws BadValue {
            String name = value.word();
            if (!name.matches("[A-Za-z0-9_][A-Za-z0-9_.-]{0,31}")) {
                throw new BadValue("\"" + name + "\" is not a user name");
            }
            return name;
        }
    }
}

package dev.sluice.talk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What /proc tells of a process, and signals. */
final class Processes {

    private static final Pattern METASPACE = Pattern.compile("Metaspace +used (\\d+)K");

    private Processes() {
    }

    /** Sends a signal by name, as an operator would. */
    static void signal(long pid, String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("/bin/sh", "-c", "kill -" + name + " " + pid)
                .inheritIO().start();
        if (kill.waitFor() != 0) {
            throw new AssertionError("kill -" + name + " " + pid + " failed");
        }
    }

    static List<Long> children(long pid) {
        return ProcessHandle.of(pid).map(p -> p.children().map(ProcessHandle::pid).sorted()
                .toList()).orElse(List.of());
    }

    /** Neither gone nor a zombie. */
    static boolean alive(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            char state = stat.charAt(stat.lastIndexOf(')') + 2);
            return state != 'Z' && state != 'X';
        } catch (IOException gone) {
            return false;
        }
    }

    static String commandLine(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/cmdline")).replace('\0', ' ');
        } catch (IOException gone) {
            return "";
        }
    }

    /** Resident anonymous memory in KiB: what the process itself has written. */
    static long anonymousKb(long pid) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
            if (line.startsWith("RssAnon:")) {
                return Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        throw new IOException("no RssAnon of " + pid);
    }

    /** Time of processors that it has used, in user and kernel mode (proc(5), ticks of 10 ms). */
    static double cpuSeconds(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        String[] behindName = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(behindName[11]) + Long.parseLong(behindName[12])) / 100.0;
    }

    /** KiB that classes take in a JVM of the distribution. */
    static long metaspaceKb(long pid) throws IOException, InterruptedException {
        String text = run(List.of("target/sluice/runtime/bin/jcmd", Long.toString(pid),
                "VM.metaspace", "basic", "scale=K")).output();
        Matcher used = METASPACE.matcher(text);
        if (!used.find()) {
            throw new IOException("no metaspace of " + pid + ": " + text);
        }
        return Long.parseLong(used.group(1));
    }

    /** All processes whose command line names this folder: the workers of one server under test. */
    static List<Long> naming(Path folder) {
        var found = new ArrayList<Long>();
        ProcessHandle.allProcesses().forEach(process -> {
            if (commandLine(process.pid()).contains(folder + "/")) {
                found.add(process.pid());
            }
        });
        return found;
    }

    /** Output and exit code of a command that ends by itself. */
    record Ended(int exitCode, String output) {
    }

    static Ended run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes());
        if (!process.waitFor(Await.PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("does not end: " + command);
        }
        return new Ended(process.exitValue(), output);
    }
}

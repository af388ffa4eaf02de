package dev.sluice.master.certificate;

import dev.sluice.common.clock.Clock;
import dev.sluice.common.identity.CertificateMaker;
import dev.sluice.common.identity.TrialPki;
import dev.sluice.master.command.ExitCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The words behind {@code sluice cert}. No configuration is read.
 *
 * <p>Owner: the main thread.
 */
public final class CertificateCommand {

    private static final String USAGE = """
            Usage: sluice cert self-signed [-d DIR] NAME...
                   sluice cert show FILE...
                   sluice cert lint --profile 2030.5 FILE...
                   sluice cert trial-pki [-d DIR] [NAME...]

              self-signed  makes DIR/NAME.crt and DIR/NAME.key, for a server with these host
                           names and addresses; they are valid for 365 days
              show         prints what stands in the certificates of files, and their identifiers
              lint         holds each file, a certificate with its chain behind it, to a profile:
                           2030.5 is that of devices, authorities and servers of IEEE 2030.5
              trial-pki    makes authorities (serca, mica), a server and a device of IEEE 2030.5,
                           to try them; the server is called localhost unless named
              DIR is the current folder by default. What exists is never written over.
            """;

    private static final String PROFILE = "2030.5";
    private static final String HOST = "(\\*\\.)?[A-Za-z0-9:][A-Za-z0-9._:-]*";
    private static final int DAYS = 365;
    private static final String TRIAL_SERIAL = "5105ce000001";

    private final Path folder;
    private final Clock clock;
    private final PrintStream out;
    private final PrintStream err;

    /** @param folder where relative paths begin */
    public CertificateCommand(Path folder, Clock clock, PrintStream out, PrintStream err) {
        this.folder = folder;
        this.clock = clock;
        this.out = out;
        this.err = err;
    }

    /** @param words behind {@code cert} */
    public ExitCode run(List<String> words) {
        String action = words.isEmpty() ? "" : words.getFirst();
        List<String> rest = words.isEmpty() ? words : words.subList(1, words.size());
        try {
            return switch (action) {
                case "self-signed" -> selfSigned(rest);
                case "show" -> show(rest);
                case "lint" -> lint(rest);
                case "trial-pki" -> trialPki(rest);
                case "-h", "--help" -> {
                    out.print(USAGE);
                    yield ExitCode.DONE;
                }
                default -> usage(action.isEmpty() ? "cert needs a command"
                        : "unknown command \"" + action + "\" of cert");
            };
        } catch (FileAlreadyExistsException exists) {
            return failed("\"" + exists.getMessage() + "\" exists");
        } catch (NoSuchFileException absent) {
            return failed("\"" + absent.getMessage() + "\" does not exist");
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            return failed(e.getMessage());
        }
    }

    private ExitCode usage(String wrong) {
        err.println("sluice: " + wrong);
        err.print(USAGE);
        return ExitCode.USAGE;
    }

    private ExitCode failed(String why) {
        err.println("sluice: [error] " + why);
        return ExitCode.FAILED;
    }

    /** Takes {@code -d DIR} out of the words. */
    private Path folderOf(List<String> words) {
        if (words.size() < 2 || !words.getFirst().equals("-d")) {
            return folder;
        }
        words.removeFirst();
        return folder.resolve(words.removeFirst());
    }

    private ExitCode selfSigned(List<String> words) throws IOException, GeneralSecurityException {
        List<String> names = new ArrayList<>(words);
        Path into = folderOf(names);
        if (names.isEmpty() || !areHosts(names)) {
            return usage("self-signed needs host names or addresses");
        }
        String file = names.getFirst().replace('*', '_');
        Instant now = now();
        CertificateMaker.ofServer(names, false, now, now.plusSeconds(DAYS * 86_400L))
                .selfSigned().write(into, file);
        out.println(into.resolve(file + ".crt"));
        out.println(into.resolve(file + ".key"));
        return ExitCode.DONE;
    }

    private static boolean areHosts(List<String> names) {
        return names.stream().allMatch(name -> name.matches(HOST));
    }

    private ExitCode trialPki(List<String> words) throws IOException, GeneralSecurityException {
        List<String> names = new ArrayList<>(words);
        Path into = folderOf(names);
        if (!areHosts(names)) {
            return usage("trial-pki takes host names and addresses");
        }
        if (!into.equals(folder)) {
            Files.createDirectories(into);
        }
        new TrialPki(now()).write(into,
                names.isEmpty() ? List.of("localhost", "127.0.0.1") : names, TRIAL_SERIAL);
        for (String name : List.of("serca", "mica", "server", "device")) {
            out.println(into.resolve(name + ".crt"));
        }
        return ExitCode.DONE;
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.nowMs());
    }

    private ExitCode show(List<String> files) throws IOException, GeneralSecurityException {
        if (files.isEmpty()) {
            return usage("show needs a file");
        }
        for (String file : files) {
            List<X509Certificate> all = read(file);
            for (int i = 0; i < all.size(); i++) {
                out.println(all.size() == 1 ? file
                        : file + ", certificate " + (i + 1) + " of " + all.size());
                out.print(CertificateText.of(all.get(i)));
            }
        }
        return ExitCode.DONE;
    }

    private ExitCode lint(List<String> words) throws IOException, GeneralSecurityException {
        if (words.size() < 2 || !words.getFirst().equals("--profile")) {
            return usage("lint needs a profile");
        }
        if (!words.get(1).equals(PROFILE)) {
            return usage("unknown profile \"" + words.get(1) + "\" (expected: " + PROFILE + ")");
        }
        if (words.size() == 2) {
            return usage("lint needs a file");
        }
        boolean good = true;
        for (String file : words.subList(2, words.size())) {
            List<String> findings = CertificateLint.of(read(file));
            for (String finding : findings) {
                out.println(file + ": " + finding);
            }
            if (findings.isEmpty()) {
                out.println(file + ": fits IEEE " + PROFILE);
            }
            good &= findings.isEmpty();
        }
        return good ? ExitCode.DONE : ExitCode.FAILED;
    }

    private List<X509Certificate> read(String file) throws IOException, GeneralSecurityException {
        List<X509Certificate> all = new ArrayList<>();
        try (InputStream in = Files.newInputStream(folder.resolve(file))) {
            for (Certificate one : CertificateFactory.getInstance("X.509")
                    .generateCertificates(in)) {
                all.add((X509Certificate) one);
            }
        } catch (CertificateException malformed) {
            throw new CertificateException("\"" + file
                    + "\" holds a certificate that cannot be read: " + malformed.getMessage());
        }
        if (all.isEmpty()) {
            throw new CertificateException("\"" + file + "\" holds no certificate");
        }
        return all;
    }
}

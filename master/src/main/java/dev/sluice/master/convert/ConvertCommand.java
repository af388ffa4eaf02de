package dev.sluice.master.convert;

import dev.sluice.master.command.ExitCode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command {@code sluice convert}: from a configuration of nginx to one of Sluice. */
public final class ConvertCommand {

    private static final String HELP = """
            sluice convert [-o FILE] NGINX.CONF

            Writes the configuration of Sluice that means the same, with the comments, to standard
            output or FILE. Includes are followed. What has no counterpart stays as a comment and is
            told with file and line; what is otherwise without need of a hand is told as a note.

            Exit codes: 0 all is converted, 2 partial, 1 it cannot be read or FILE not be
            written, 64 the words are wrong.
            """;

    private final PrintStream out;
    private final PrintStream err;

    public ConvertCommand(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** @param words behind {@code convert} */
    public ExitCode run(List<String> words) {
        Path to = null;
        Path from = null;
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (word.equals("-h") || word.equals("-?") || word.equals("--help")) {
                out.print(HELP);
                return ExitCode.DONE;
            } else if (word.equals("-o") && i + 1 < words.size()) {
                to = Path.of(words.get(++i));
            } else if (word.startsWith("-") || from != null) {
                err.println("sluice: unexpected \"" + word
                        + "\" (sluice convert --help tells more)");
                return ExitCode.USAGE;
            } else {
                from = Path.of(word);
            }
        }
        if (from == null) {
            err.println("sluice: which file? (sluice convert --help tells more)");
            return ExitCode.USAGE;
        }
        return convert(from, to);
    }

    /** The module that asks for passwords, of this distribution; null where it is not there. */
    private static Path passwords() {
        String home = System.getProperty("sluice.home");
        Path jar = home == null ? null : Path.of(home, "modules-available", "basic-auth.jar");
        return jar != null && Files.exists(jar) ? jar : null;
    }

    private ExitCode convert(Path from, Path to) {
        Losses losses = new Losses();
        String text;
        try {
            List<String> missing = new ArrayList<>();
            List<NginxDirective> all = NginxReader.read(from, missing);
            missing.forEach(losses::lost);
            Path folder = (to == null ? from : to).toAbsolutePath().getParent();
            text = "# Converted from " + from.getFileName() + " by sluice convert.\n\n"
                    + Validation.of(Conversion.of(all, losses, passwords()), folder,
                            losses);
        } catch (IOException e) {
            err.println("sluice: [error] cannot read " + from + ": " + e.getMessage());
            return ExitCode.FAILED;
        } catch (NginxReader.Unreadable e) {
            err.println("sluice: [error] " + e.getMessage());
            return ExitCode.FAILED;
        }
        if (!write(text, to)) {
            return ExitCode.FAILED;
        }
        losses.told().forEach(line -> err.println("sluice: [notice] " + line));
        losses.lost().forEach(line -> err.println("sluice: [warn] " + line));
        return losses.lost().isEmpty() ? ExitCode.DONE : ExitCode.TIMED_OUT;
    }

    /** @param to null for standard output */
    private boolean write(String text, Path to) {
        if (to == null) {
            out.print(text);
            out.flush();
            return true;
        }
        try {
            Files.writeString(to, text, StandardCharsets.ISO_8859_1);
            return true;
        } catch (NoSuchFileException noFolder) {
            err.println("sluice: [error] cannot write " + to + ": its folder does not exist");
        } catch (AccessDeniedException denied) {
            err.println("sluice: [error] cannot write " + to + ": permission denied");
        } catch (IOException e) {
            err.println("sluice: [error] cannot write " + to + ": "
                    + (e instanceof FileSystemException f ? f.getReason() : e.getMessage()));
        }
        return false;
    }
}

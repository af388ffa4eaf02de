package dev.sluice.common.config;

import java.util.regex.Matcher;

/**
 * Maps in the effective configuration as they may be shown: without what a field such as
 * Authorization is compared with, by a map of it, or set to, by a variable that a map makes; shares
 * and networks likewise. Stateless.
 */
final class ShownMaps {

    private ShownMaps() {
    }

    static String of(String effective, SecretValues secrets) {
        StringBuilder shown = new StringBuilder();
        String variable = "";
        int row = 0;
        for (String line : effective.lines().toList()) {
            variable = SecretValues.variableAt(line, variable);
            shown.append(variable.isEmpty() ? line : line(line, secrets.isCompared(variable),
                    secrets.isGiven(variable), ++row)).append('\n');
        }
        return shown.toString();
    }

    /** @param row makes what stands for a value another one in each line */
    private static String line(String line, boolean compared, boolean given, int row) {
        Matcher value = SecretValues.ROW.matcher(line);
        if ((compared || given) && value.matches()) {
            boolean network = line.startsWith("network");
            return value.group(1) + (compared && !network ? "\"***" + row + "\"" : value.group(2))
                    + ' ' + (given ? hidden(value.group(3)) : value.group(3)) + value.group(4);
        }
        Matcher other = SecretValues.DEFAULT.matcher(line);
        return given && other.matches()
                ? other.group(1) + hidden(other.group(2)) + other.group(3) : line;
    }

    private static String hidden(String word) {
        return SecretValues.tellsNothing(Words.unquoteWhole(word)) ? word : "\"***\"";
    }
}

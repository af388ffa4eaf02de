package dev.sluice.common.config;

import java.util.List;

/** The types of values about connections to peers. */
final class TransportTypes {

    private TransportTypes() {
    }

    /** A name that a certificate can be made out to; an IP address is one too. */
    record HostName() implements ValueType<String> {

        @Override
        public String name() {
            return "a host name";
        }

        @Override
        public String form() {
            return "a host name or an IP address, without a port";
        }

        @Override
        public String parse(Value value) throws BadValue {
            String name = value.word();
            if (IpLiteral.parse(name) == null) {
                HostPort.checkName(name);
            }
            return name;
        }
    }

    /** Versions of TLS that anybody should speak today (RFC 8996). */
    record Protocols() implements ValueType<List<String>> {

        private static final List<String> KNOWN = List.of("TLSv1.2", "TLSv1.3");

        @Override
        public String name() {
            return "versions of TLS";
        }

        @Override
        public String form() {
            return "some of " + String.join(", ", KNOWN);
        }

        @Override
        public List<String> parse(Value value) throws BadValue {
            for (String word : value.words()) {
                if (!KNOWN.contains(word)) {
                    throw Scalars.unknownWord(word, KNOWN);
                }
            }
            return value.words();
        }
    }

    /** Which suites exist is known to the library alone: it says so when a worker starts. */
    record Ciphers() implements ValueType<String> {

        @Override
        public String name() {
            return "a list of cipher suites";
        }

        @Override
        public String form() {
            return "names of cipher suites separated by colons";
        }

        @Override
        public String parse(Value value) throws BadValue {
            String word = value.word();
            if (!word.matches("[A-Za-z0-9_-]+(:[A-Za-z0-9_-]+)*")) {
                throw new BadValue("\"" + word + "\" is not a list of cipher suites");
            }
            return word;
        }
    }

    /** Empty stands for the kernel's choice. */
    record BindAddress() implements ValueType<String> {

        @Override
        public String name() {
            return "an address";
        }

        @Override
        public String form() {
            return "an IP address of this machine, or off";
        }

        @Override
        public String parse(Value value) throws BadValue {
            String word = value.word();
            if (word.equals("off")) {
                return "";
            }
            byte[] address = IpLiteral.parse(word);
            if (address == null) {
                throw new BadValue("\"" + word + "\" is not an IP address");
            }
            return IpLiteral.format(address);
        }
    }

    /** 1 for HTTP/1.1. */
    record HttpVersion() implements ValueType<Integer> {

        @Override
        public String name() {
            return "a version";
        }

        @Override
        public String form() {
            return "1.1 or 2";
        }

        @Override
        public Integer parse(Value value) throws BadValue {
            String word = value.word();
            return switch (word) {
                case "1.1" -> 1;
                case "2", "2.0" -> 2;
                case "1.0", "1" -> throw new BadValue("\"" + word + "\" is not spoken to peers");
                default -> throw new BadValue("unknown version \"" + word + "\"");
            };
        }
    }

    /** The version of the header; 0 for off. */
    record ProxyProtocol() implements ValueType<Integer> {

        @Override
        public String name() {
            return "a version";
        }

        @Override
        public String form() {
            return "v1, v2 or off";
        }

        @Override
        public Integer parse(Value value) throws BadValue {
            String word = value.word();
            return switch (word) {
                case "off" -> 0;
                case "v1" -> 1;
                case "v2" -> 2;
                case "on" -> throw new BadValue("\"on\" does not say which version");
                default -> throw new BadValue("unknown word \"" + word + "\"");
            };
        }
    }
}

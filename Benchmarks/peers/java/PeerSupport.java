import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.function.IntConsumer;

/** What the programs in Java share: the files of the lab, threads that begin together, and the lines that are printed. */
final class PeerSupport {
    /** One line of the manifest. */
    record Row(String word, String name, String kind, int threads, List<Path> files) {}

    static volatile long sink;

    private PeerSupport() {}

    static List<Row> manifest(Path folder) throws IOException {
        List<Row> rows = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolve("manifest.txt"))) {
            String[] words = line.split(" ");
            List<Path> files = new ArrayList<>();
            if (words[0].equals("load")) {
                files.add(folder.resolve(words[2]));
                rows.add(new Row("load", "", words[1], 1, files));
            } else {
                for (int index = 4; index < words.length; index++) {
                    files.add(folder.resolve(words[index]));
                }
                rows.add(new Row(words[0], words[1], words[2], Integer.parseInt(words[3]), files));
            }
        }
        return rows;
    }

    /** The keys of a file: boxed or as text, made ahead of time. */
    static Object[] keys(String kind, Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        Object[] keys = new Object[bytes.capacity() / 8];
        for (int index = 0; index < keys.length; index++) {
            long word = bytes.getLong(index * 8);
            keys[index] = kind.equals("text")
                ? digits(Long.remainderUnsigned(word, 1_000_000_000_000L))
                : (Object) Long.valueOf(word);
        }
        return keys;
    }

    /** Twelve decimal digits. */
    private static String digits(long number) {
        char[] digits = new char[12];
        for (int place = 11; place >= 0; place--) {
            digits[place] = (char) ('0' + number % 10);
            number /= 10;
        }
        return new String(digits);
    }

    static byte[] operations(Path file) throws IOException {
        Path path = file.resolveSibling(file.getFileName() + ".ops");
        return Files.exists(path) ? Files.readAllBytes(path) : new byte[0];
    }

    static Object value(String kind, long word) {
        return kind.equals("text") ? (Object) new long[] {word, word + 1, word + 2, word + 3} : (Object) Long.valueOf(word);
    }

    static long sum(Object value) {
        if (value instanceof Long number) {
            return number;
        }
        long[] words = (long[]) value;
        return words[0] ^ words[1] ^ words[2] ^ words[3];
    }

    /** Nanoseconds of the slowest thread. */
    static double run(int count, IntConsumer body) throws InterruptedException {
        CountDownLatch ready = new CountDownLatch(count);
        CountDownLatch start = new CountDownLatch(1);
        long[] times = new long[count];
        Thread[] threads = new Thread[count];
        for (int index = 0; index < count; index++) {
            int thread = index;
            threads[index] = new Thread(() -> {
                ready.countDown();
                try {
                    start.await();
                } catch (InterruptedException interruption) {
                    return;
                }
                long begin = System.nanoTime();
                body.accept(thread);
                times[thread] = System.nanoTime() - begin;
            });
            threads[index].start();
        }
        ready.await();
        start.countDown();
        long slowest = 0;
        for (int index = 0; index < count; index++) {
            threads[index].join();
            slowest = Math.max(slowest, times[index]);
        }
        return slowest;
    }

    static long usedBytes() {
        for (int turn = 0; turn < 3; turn++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    static void print(String subject, String row, double bytes, double hitRatio, List<Double> times) {
        StringBuilder line = new StringBuilder();
        line.append(String.format(Locale.ROOT, "{\"subject\": \"%s\", \"row\": \"%s\", \"bytes\": %.2f, ", subject, row, bytes));
        if (hitRatio >= 0) {
            line.append(String.format(Locale.ROOT, "\"hitRatio\": %.5f, ", hitRatio));
        }
        line.append("\"ns\": [");
        for (int index = 0; index < times.size(); index++) {
            line.append(index == 0 ? "" : ", ").append(String.format(Locale.ROOT, "%.2f", times.get(index)));
        }
        System.out.println(line.append("]}"));
    }
}

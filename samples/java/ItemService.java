import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;

/**
 * The shop's items as a Java service: something with a JVM's garbage collector to press.
 * It keeps a large live set, so that a full collection is felt: POST /admin/full-gc asks for one.
 */
public final class ItemService {
    private static final int ITEMS = 1000;
    private static final String[][] THINGS = {
        {"tea", "茶"}, {"teapot", "茶壶"}, {"umbrella", "雨伞"}, {"bicycle", "自行车"}, {"lamp", "台灯"},
        {"keyboard", "键盘"}, {"backpack", "背包"}, {"notebook", "笔记本"}, {"thermos", "保温杯"}, {"chair", "椅子"},
    };
    private static final String[][] KINDS = {
        {"green", "绿"}, {"red", "红"}, {"black", "黑"}, {"white", "白"}, {"blue", "蓝"},
        {"large", "大"}, {"small", "小"}, {"light", "轻便"}, {"classic", "经典"}, {"new", "新款"},
    };

    /**
     * A price that once held; the shop's history of them is what lives long here. Small objects in long chains, which is what a full
     * collection takes longest over: about 72 bytes each with its two numbers.
     */
    private record Price(Long at, Long cents, Price before) {}

    private final Map<Integer, Price> history = new HashMap<>();
    private final int others;

    private ItemService(int liveMegabytes, int others) {
        this.others = others;
        long prices = liveMegabytes * 1024L * 1024L / 72;
        for (long n = 0; n < prices; n++) {
            int item = (int) (n % ITEMS) + 1;
            history.put(item, new Price(1_700_000_000_000L + n, cents(item), history.get(item)));
        }
    }

    public static void main(String[] args) throws IOException {
        // The server writes head and body apart; without this Nagle holds the body back for 40 ms.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        Map<String, String> options = options(args);
        String host = options.getOrDefault("host", "127.0.0.1");
        int port = Integer.parseInt(options.getOrDefault("port", "5083"));
        int live = Math.max(0, Integer.parseInt(options.getOrDefault("live-mb", "280")));
        int others = Integer.parseInt(options.getOrDefault("related", "20"));

        ItemService service = new ItemService(live, others);
        HttpServer server = HttpServer.create(new InetSocketAddress(host, port), 1024);
        server.setExecutor(Executors.newFixedThreadPool(Integer.parseInt(options.getOrDefault("threads", "16"))));
        server.createContext("/healthz", exchange -> answer(exchange, 200, "{\"status\":\"ok\"}"));
        server.createContext("/item/", service::item);
        server.createContext("/admin/full-gc", service::fullGc);
        server.start();
        System.out.println("item listens on http://" + host + ":" + server.getAddress().getPort());
    }

    /** GET /item/{id}: the item with some that go well with it, which is what makes garbage (about 10 KB a request). */
    private void item(HttpExchange exchange) throws IOException {
        int id = number(exchange.getRequestURI().getPath().substring("/item/".length()));
        if (id < 1 || id > ITEMS) {
            answer(exchange, 404, "{\"error\":\"There is no such item. Items are numbered 1 to " + ITEMS + ".\"}");
            return;
        }
        List<String> related = new ArrayList<>();
        for (int n = 1; n <= others; n++) {
            related.add(json((id + n * 37) % ITEMS + 1, ""));
        }
        answer(exchange, 200, json(id, ",\"related\":[" + String.join(",", related) + "]"));
    }

    /** POST /admin/full-gc?times=N: collects the whole heap N times (1 to 20), and tells how long that took. */
    private void fullGc(HttpExchange exchange) throws IOException {
        if (!exchange.getRequestMethod().equals("POST")) {
            answer(exchange, 405, "{\"error\":\"Ask for a full collection with POST.\"}");
            return;
        }
        String query = exchange.getRequestURI().getQuery();
        int asked = query != null && query.startsWith("times=") ? number(query.substring("times=".length())) : 1;
        int times = Math.min(Math.max(asked, 1), 20);
        long begin = System.nanoTime();
        for (int n = 0; n < times; n++) {
            System.gc();
        }
        answer(exchange, 200, "{\"times\":" + times + ",\"milliseconds\":" + (System.nanoTime() - begin) / 1_000_000 + "}");
    }

    private String json(int id, String more) {
        Price price = history.get(id);
        return "{\"id\":" + id + ",\"name\":\"" + name(id, 0, " ") + " no. " + id + "\",\"chineseName\":\"" + name(id, 1, "") + id + "号\",\"price\":"
            + (price == null ? cents(id) : price.cents()) + more + "}";
    }

    private static String name(int id, int language, String between) {
        return KINDS[id / THINGS.length % KINDS.length][language] + between + THINGS[id % THINGS.length][language];
    }

    private static long cents(int id) {
        return 100 + id * 37L % 9900;
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException notANumber) {
            return -1;
        }
    }

    private static void answer(HttpExchange exchange, int status, String json) throws IOException {
        try (exchange) {
            // Whatever was sent along is read, so that the connection can be used again.
            exchange.getRequestBody().readAllBytes();
            byte[] body = json.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json; charset=utf-8");
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    /** --name value pairs; anything else ends the program with a line that says so. */
    private static Map<String, String> options(String[] args) {
        Map<String, String> options = new HashMap<>();
        List<String> known = List.of("host", "port", "live-mb", "related", "threads");
        for (int n = 0; n < args.length; n += 2) {
            String name = args[n].startsWith("--") ? args[n].substring(2) : "";
            if (!known.contains(name) || n + 1 == args.length) {
                System.err.println("usage: ItemService [--host 127.0.0.1] [--port 5083] [--live-mb 280] [--related 20] [--threads 16]");
                System.exit(2);
            }
            options.put(name, args[n + 1]);
        }
        return options;
    }
}

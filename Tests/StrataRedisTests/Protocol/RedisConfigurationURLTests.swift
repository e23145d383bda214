import Testing

@testable import StrataRedis

@Suite
struct RedisConfigurationURLTests {
    @Test
    func readsEveryPart() throws {
        let configuration = try RedisConfiguration(
            url:
                "rediss://app:p%40ss%2Fword@cache.example.org:6380/3?timeout=250ms&connect-timeout=1s&connections=4&ca=/ca.pem&canary=off"
        )
        #expect(configuration.topology == .single)
        #expect(configuration.endpoints == [RedisEndpoint("cache.example.org", 6380)])
        #expect(configuration.username == "app" && configuration.password == "p@ss/word" && configuration.database == 3)
        #expect(configuration.commandTimeout == .milliseconds(250) && configuration.connectTimeout == .seconds(1))
        #expect(configuration.connectionsPerNode == 4 && configuration.tls?.authorityFile == "/ca.pem")
        #expect(configuration.canaryInterval == nil)
    }

    @Test
    func readsClustersAndAddresses() throws {
        let cluster = try RedisConfiguration(url: "redis-cluster://:secret@h1:1,[::1]:2,h3")
        #expect(cluster.topology == .cluster)
        #expect(cluster.endpoints == [RedisEndpoint("h1", 1), RedisEndpoint("::1", 2), RedisEndpoint("h3", 6379)])
        #expect(cluster.username == nil && cluster.password == "secret" && cluster.tls == nil)
        #expect(try RedisConfiguration(url: "rediss-cluster://h").tls != nil)
        // A password whose signs somebody forgot to encode.
        #expect(try RedisConfiguration(url: "redis://:a@b/c@h:1").password == "a@b/c")
    }

    @Test
    func describesItselfWithoutThePassword() throws {
        let url = "rediss-cluster://app:secret@h1:1,h2:2"
        #expect(try RedisConfiguration(url: url).description == "rediss-cluster://app:***@h1:1,h2:2")
        #expect(try RedisConfiguration(url: "redis://[::1]:7/2").description == "redis://[::1]:7/2")
    }

    @Test(arguments: [
        ("localhost:6379", "scheme"), ("http://h", "scheme"), ("redis://", "host"), ("redis://h:0", "port"),
        ("redis://h:x", "port"),
        ("redis://h:70000", "port"), ("redis://a,b", "host"), ("redis://h/x", "database"),
        ("redis-cluster://h/1", "database"),
        ("redis://user@h", "password"), ("redis://u:%zz@h", "password"), ("redis://[::1", "host"),
        ("redis://[::1]x", "host"),
        ("redis://h?timeout=5", "option timeout"), ("redis://h?timeout=0ms", "option timeout"),
        ("redis://h?nonsense=1", "option nonsense"),
        ("redis://h?connections=0", "option connections"), ("redis://h?ca=/a", "option ca"),
        ("rediss://h?verify=no", "option verify"),
    ])
    func namesThePartThatIsWrong(_ url: String, _ part: String) {
        #expect { try RedisConfiguration(url: url) } throws: { ($0 as? RedisConfiguration.URLError)?.part == part }
    }

    @Test
    func anErrorNeverQuotesThePassword() {
        for url in [
            "redis://user:hunter2%@h", "redis://user:hunter2@h:x", "redis://user:hunter2@h/x?a=b",
            "redis://user:hunter2", "redis://:pa?hunter2@h", "redis://:/hunter2",
        ] {
            #expect { try RedisConfiguration(url: url) } throws: { !"\($0)".contains("hunter2") }
        }
    }
}

package main

import (
	"log/slog"
	"net/netip"
	"strings"
	"time"
)

const defaultArpRate = 3 * time.Second

// config is what the variables that the operator renders mean, with kube-vip v1.1.2's defaults.
type config struct {
	node     string // lease identity and value of the vipHost annotation
	logLevel slog.Level
	metrics  string // address to serve on

	controlPlane      bool
	addresses         []netip.Addr
	interfaceName     string // empty: the interface of the default route
	subnet            subnet
	leaseName         string
	fallbackNamespace string // of the leases, where no ServiceAccount is mounted

	services              bool
	servicesInterfaceName string // empty: interfaceName
	servicesLeaseName     string
	servicesNamespace     string // empty: all
	class                 classFilter

	leaseDuration, renewDeadline, retryPeriod time.Duration
	arpRate                                   time.Duration
}

// parseConfig reads the environment and reports every fault at once.
func parseConfig(lookup func(string) (string, bool), hostname string) (config, error) {
	e := &environment{lookup: lookup}
	c := config{
		node:              e.text("vip_nodename", hostname),
		logLevel:          slog.Level(e.number("vip_loglevel", 0)),
		metrics:           e.text("prometheus_server", ":2112"),
		controlPlane:      e.boolean("cp_enable", false),
		services:          e.boolean("svc_enable", false),
		interfaceName:     e.text("vip_interface", ""),
		subnet:            parseSubnet(e),
		leaseName:         e.text("vip_leasename", "plndr-cp-lock"),
		fallbackNamespace: e.text("cp_namespace", "kube-system"),
		leaseDuration:     e.seconds("vip_leaseduration", 15),
		renewDeadline:     e.seconds("vip_renewdeadline", 10),
		retryPeriod:       e.seconds("vip_retryperiod", 2),
		arpRate:           parseArpRate(e),
	}
	c.servicesInterfaceName = e.text("vip_servicesinterface", c.interfaceName)
	if c.controlPlane {
		c.addresses = parseAddresses(e)
	}
	if _, present := lookup("svc_enable"); present { // kube-vip reads these under no other condition
		c.servicesLeaseName = e.text("svc_leasename", "plndr-svcs-lock")
		c.servicesNamespace = e.text("svc_namespace", "")
		c.class = parseClassFilter(e)
	}
	checkModes(e, c)
	checkTiming(e, c)
	return c, e.err()
}

func parseAddresses(e *environment) (addresses []netip.Addr) {
	if port := e.number("port", 6443); port < 1 || port > 65535 {
		e.fault("port: %d is not a port", port)
	}
	for text := range strings.SplitSeq(e.text("address", ""), ",") {
		address, err := netip.ParseAddr(strings.TrimSpace(text))
		if err != nil { // kube-vip would also take a DNS name; the operator renders none
			e.fault("address: %w", err)
			continue
		}
		addresses = append(addresses, address.Unmap())
	}
	return addresses
}

func parseClassFilter(e *environment) classFilter {
	name, present := e.lookup("lb_class_name") // the one variable that may be set to nothing
	if !present {
		name = "kube-vip.io/kube-vip-class"
	}
	return classFilter{
		name:   name,
		only:   e.boolean("lb_class_only", false),
		legacy: e.boolean("lb_class_legacy_handling", true),
	}
}

func parseArpRate(e *environment) time.Duration {
	rate := time.Duration(e.number("vip_arpRate", 3000)) * time.Millisecond
	if rate < 500*time.Millisecond {
		slog.Warn("vip_arpRate is under 500 ms, using the default", "rate", rate, "default", defaultArpRate)
		return defaultArpRate
	}
	return rate
}

func checkModes(e *environment, c config) {
	if !e.boolean("vip_arp", false) {
		e.fault("vip_arp: the stand-in knows ARP only")
	}
	if !c.controlPlane && !c.services {
		e.fault("cp_enable: off, and so is svc_enable")
	}
	if c.servicesInterfaceName == "auto" {
		e.fault("vip_servicesinterface: the stand-in does not know auto")
	}
	if e.boolean("svc_election", false) {
		e.fault("svc_election: the stand-in knows the global services lease only")
	}
	e.boolean("vip_leaderelection", false) // must parse, but has no effect under ARP
}

// checkTiming applies client-go's own rules, so that a fault is named by its variable.
func checkTiming(e *environment, c config) {
	if c.leaseDuration <= c.renewDeadline {
		e.fault("vip_leaseduration: %s is not above vip_renewdeadline %s", c.leaseDuration, c.renewDeadline)
	}
	if c.retryPeriod <= 0 || float64(c.renewDeadline) <= 1.2*float64(c.retryPeriod) {
		e.fault("vip_renewdeadline: %s is not above 1.2 times vip_retryperiod %s", c.renewDeadline, c.retryPeriod)
	}
}

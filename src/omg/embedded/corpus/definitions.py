"""The custom kinds: what RHOSO's operators, OpenShift and its add-ons define, one line each.

A line is ``Kind plural short,names``, under a heading ``group/version``; ``*`` before the kind: cluster-scoped,
``-``: its definition has no status subresource. Columns are ``name=path``, as operators print them.
"""

from __future__ import annotations

READY = "Status=.status.conditions[0].status Message=.status.conditions[0].message"

DEFINED = {
    "core.openstack.org/v1beta1": """
        OpenStackControlPlane openstackcontrolplanes osctlplane,osctlplanes,oscp,oscps
        OpenStackVersion openstackversions osv,osvs""",
    "operator.openstack.org/v1beta1": "OpenStack openstacks",
    "client.openstack.org/v1beta1": "OpenStackClient openstackclients osclient,osclients",
    "dataplane.openstack.org/v1beta1": """
        OpenStackDataPlaneNodeSet openstackdataplanenodesets osdpns,osdpnodeset,osdpnodesets
        OpenStackDataPlaneDeployment openstackdataplanedeployments osdpd,osdpdeployment,osdpdeployments
        OpenStackDataPlaneService openstackdataplaneservices osdps,osdpservice,osdpservices""",
    "baremetal.openstack.org/v1beta1": """
        OpenStackBaremetalSet openstackbaremetalsets osbms,osbmset
        OpenStackProvisionServer openstackprovisionservers osps""",
    "keystone.openstack.org/v1beta1": """
        KeystoneAPI keystoneapis
        KeystoneService keystoneservices
        KeystoneEndpoint keystoneendpoints""",
    "mariadb.openstack.org/v1beta1": """
        Galera galeras
        GaleraBackup galerabackups
        MariaDBDatabase mariadbdatabases
        MariaDBAccount mariadbaccounts""",
    "memcached.openstack.org/v1beta1": "Memcached memcacheds",
    "redis.openstack.org/v1beta1": "Redis redises",
    "rabbitmq.openstack.org/v1beta1": """
        TransportURL transporturls
        RabbitMq rabbitmqs
        RabbitMQUser rabbitmqusers
        RabbitMQVhost rabbitmqvhosts""",
    "network.openstack.org/v1beta1": """
        NetConfig netconfigs
        DNSMasq dnsmasqs
        DNSData dnsdata
        IPSet ipsets
        Reservation reservations""",
    "topology.openstack.org/v1beta1": "Topology topologies",
    "instanceha.openstack.org/v1beta1": "InstanceHa instancehas iha",
    "nova.openstack.org/v1beta1": """
        Nova nova
        NovaAPI novaapis
        NovaCell novacells
        NovaConductor novaconductors
        NovaMetadata novametadata
        NovaNoVNCProxy novanovncproxies
        NovaScheduler novaschedulers
        NovaCompute novacomputes""",
    "placement.openstack.org/v1beta1": "PlacementAPI placementapis",
    "neutron.openstack.org/v1beta1": "NeutronAPI neutronapis",
    "glance.openstack.org/v1beta1": "Glance glances\n GlanceAPI glanceapis",
    "cinder.openstack.org/v1beta1": """
        Cinder cinders
        CinderAPI cinderapis
        CinderBackup cinderbackups
        CinderScheduler cinderschedulers
        CinderVolume cindervolumes""",
    "manila.openstack.org/v1beta1": """
        Manila manilas
        ManilaAPI manilaapis
        ManilaScheduler manilaschedulers
        ManilaShare manilashares""",
    "barbican.openstack.org/v1beta1": """
        Barbican barbicans
        BarbicanAPI barbicanapis
        BarbicanWorker barbicanworkers
        BarbicanKeystoneListener barbicankeystonelisteners""",
    "heat.openstack.org/v1beta1": """
        Heat heats
        HeatAPI heatapis
        HeatCfnAPI heatcfnapis
        HeatEngine heatengines""",
    "horizon.openstack.org/v1beta1": "Horizon horizons",
    "ironic.openstack.org/v1beta1": """
        Ironic ironics
        IronicAPI ironicapis
        IronicConductor ironicconductors
        IronicInspector ironicinspectors
        IronicNeutronAgent ironicneutronagents""",
    "octavia.openstack.org/v1beta1": """
        Octavia octavias
        OctaviaAPI octaviaapis
        OctaviaAmphoraController octaviaamphoracontrollers""",
    "designate.openstack.org/v1beta1": """
        Designate designates
        DesignateAPI designateapis
        DesignateBackendbind9 designatebackendbind9s
        DesignateCentral designatecentrals
        DesignateMdns designatemdnses
        DesignateProducer designateproducers
        DesignateUnbound designateunbounds
        DesignateWorker designateworkers""",
    "swift.openstack.org/v1beta1": """
        Swift swifts
        SwiftProxy swiftproxies
        SwiftRing swiftrings
        SwiftStorage swiftstorages""",
    "telemetry.openstack.org/v1beta1": """
        Telemetry telemetries
        Ceilometer ceilometers
        Autoscaling autoscalings
        MetricStorage metricstorages
        Logging loggings
        CloudKitty cloudkitties
        CloudKittyAPI cloudkittyapis
        CloudKittyProc cloudkittyprocs""",
    "watcher.openstack.org/v1beta1": """
        Watcher watchers
        WatcherAPI watcherapis
        WatcherApplier watcherappliers
        WatcherDecisionEngine watcherdecisionengines""",
    "ovn.openstack.org/v1beta1": """
        OVNDBCluster ovndbclusters
        OVNNorthd ovnnorthds
        OVNController ovncontrollers""",
    "rabbitmq.com/v1beta1": "RabbitmqCluster rabbitmqclusters rmq",
    "monitoring.rhobs/v1": """
        Alertmanager alertmanagers amsts
        Prometheus prometheuses promrh
        PrometheusRule prometheusrules promrule
        ServiceMonitor servicemonitors smon""",
    "monitoring.rhobs/v1alpha1": "MonitoringStack monitoringstacks\n ScrapeConfig scrapeconfigs scfg",
    "loki.grafana.com/v1": "LokiStack lokistacks",
    "observability.openshift.io/v1": "ClusterLogForwarder clusterlogforwarders obsclf",
    "observability.openshift.io/v1alpha1": "*UIPlugin uiplugins",
    "logging.openshift.io/v1": "ClusterLogging clusterloggings cl",
    "nmstate.io/v1": """
        *NMState nmstates
        *NodeNetworkConfigurationPolicy nodenetworkconfigurationpolicies nncp""",
    "nmstate.io/v1beta1": """
        *NodeNetworkConfigurationEnactment nodenetworkconfigurationenactments nnce
        *NodeNetworkState nodenetworkstates nns""",
    "metallb.io/v1beta1": """
        MetalLB metallbs
        IPAddressPool ipaddresspools
        L2Advertisement l2advertisements""",
    "k8s.cni.cncf.io/v1": "-NetworkAttachmentDefinition network-attachment-definitions net-attach-def",
    "metal3.io/v1alpha1": "BareMetalHost baremetalhosts bmh,bmhost\n *Provisioning provisionings",
    "machine.openshift.io/v1beta1": "Machine machines",
    "operators.coreos.com/v1alpha1": """
        ClusterServiceVersion clusterserviceversions csv,csvs
        Subscription subscriptions sub,subs
        InstallPlan installplans ip
        CatalogSource catalogsources catsrc""",
    "operators.coreos.com/v1": "OperatorGroup operatorgroups og",
    "packages.operators.coreos.com/v1": "PackageManifest packagemanifests",
    "cert-manager.io/v1": """
        Certificate certificates cert,certs
        CertificateRequest certificaterequests cr,crs
        Issuer issuers
        *ClusterIssuer clusterissuers""",
    "route.openshift.io/v1": "Route routes",
    "image.openshift.io/v1": "ImageStream imagestreams is",
    "build.openshift.io/v1": "BuildConfig buildconfigs bc",
    "project.openshift.io/v1": "-*Project projects",
    "config.openshift.io/v1": """
        *ClusterVersion clusterversions
        *ClusterOperator clusteroperators co
        *Infrastructure infrastructures
        *Network networks
        *Proxy proxies
        *DNS dnses
        *Ingress ingresses
        *FeatureGate featuregates""",
    "operator.openshift.io/v1": "*Network networks",
    "machineconfiguration.openshift.io/v1": "*MachineConfigPool machineconfigpools mcp",
    "velero.io/v1": """
        Backup backups
        Restore restores
        BackupStorageLocation backupstoragelocations bsl
        VolumeSnapshotLocation volumesnapshotlocations vsl""",
    "velero.io/v2alpha1": "DataUpload datauploads\n DataDownload datadownloads",
    "oadp.openshift.io/v1alpha1": "DataProtectionApplication dataprotectionapplications dpa",
    "snapshot.storage.k8s.io/v1": """
        VolumeSnapshot volumesnapshots vs
        -*VolumeSnapshotClass volumesnapshotclasses vsclass,vsclasses""",
    "apps.customer.example.com/v1": "Widget widgets wdg",
}

COLUMNS = {
    "Route": "Host=.spec.host Path=.spec.path Services=.spec.to.name Port=.spec.port.targetPort",
    "Certificate": "Ready=.status.conditions[0].status Secret=.spec.secretName",
    "CertificateRequest": "Ready=.status.conditions[0].status Issuer=.spec.issuerRef.name",
    "Issuer": "Ready=.status.conditions[0].status",
    "BareMetalHost": "State=.status.provisioning.state Consumer=.spec.consumerRef.name Online=.spec.online:boolean",
    "ClusterServiceVersion": "Display=.spec.displayName Version=.spec.version Phase=.status.phase",
    "Subscription": "Package=.spec.name Source=.spec.source Channel=.spec.channel",
    "InstallPlan": "CSV=.spec.clusterServiceVersionNames[0] Approval=.spec.approval Approved=.spec.approved:boolean",
    "RabbitmqCluster": "AllReplicasReady=.status.conditions[0].status ReconcileSuccess=.status.conditions[1].status",
    "OpenStackVersion": "Target=.spec.targetVersion Available=.status.availableVersion",
    "NodeNetworkConfigurationPolicy": "Status=.status.conditions[0].type Reason=.status.conditions[0].reason",
    "NodeNetworkConfigurationEnactment": "Status=.status.conditions[0].type Reason=.status.conditions[0].reason",
    "IPAddressPool": "AutoAssign=.spec.autoAssign:boolean Addresses=.spec.addresses",
    "Memcached": f"{READY} Ready=.status.readyCount:integer",
    "Galera": f"Ready=.status.bootstrapped:boolean {READY}",
}

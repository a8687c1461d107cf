{{- /* Settings of one component beside those that all services share. */ -}}
{{- define "concord.environment" -}}
{{- $values := .root.Values -}}
{{- if eq .component "web" }}
- { name: CONCORD_WEB_HOST, value: 0.0.0.0 }
- { name: CONCORD_WEB_PORT, value: '3000' }
- { name: CONCORD_WEB_SECRET_FILE, value: /secrets/web/secret }
- { name: CONCORD_API, value: 'http://{{ .root.Release.Name }}-gateway:3000' }
- { name: CONCORD_PUBLIC_URL, value: {{ $values.publicUrl | quote }} }
- { name: CONCORD_TRUST_PROXY, value: 'true' }
{{- with $values.realtimeUrl }}
- { name: CONCORD_REALTIME_URL, value: {{ . | quote }} }
{{- end }}
{{- else }}
- { name: DATABASE_URL_FILE, value: /secrets/database/{{ .component }} }
{{- end }}
{{- if eq .component "stewardship" }}
- { name: CONCORD_FILES_DIR, value: /data }
{{- end }}
{{- if and (eq .component "directory") $values.administrator.secretName }}
- { name: CONCORD_ADMIN_EMAIL_FILE, value: /secrets/administrator/email }
- { name: CONCORD_ADMIN_PASSWORD_FILE, value: /secrets/administrator/password }
{{- end }}
{{- if eq .component "gateway" }}
- { name: CONCORD_SERVICES, value: {{ include "concord.services" .root | quote }} }
- { name: CONCORD_WEB_URL, value: 'http://{{ .root.Release.Name }}-web:3000' }
- { name: CONCORD_ORIGINS, value: {{ $values.origins | quote }} }
{{- end }}
{{- end }}
